#!/bin/sh
# An empty machine for one test: this one's programs under /usr, to be written to without changing them, and nothing else that it
# has: no user but root, no setting, no package. It is gone when standard input ends and nothing runs on it any more.
# usage, in a mount namespace of its own: machine.sh FOLDER
set -eu
root=$1
mount -t tmpfs -o mode=0755 machine "$root"
cd "$root"
mkdir -p usr etc proc dev run root tmp layer/upper layer/work var/lib/dpkg/info var/lib/dpkg/updates var/lib/dpkg/triggers var/log
chmod 1777 tmp
mount -t overlay -o "lowerdir=/usr,upperdir=$root/layer/upper,workdir=$root/layer/work" usr usr
for name in bin sbin lib lib32 lib64 libx32; do # links into /usr
	[ ! -L "/$name" ] || cp -P "/$name" "$name"
done
mount --bind /proc proc
mount --rbind /dev dev
: >var/lib/dpkg/status
echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
echo 'root:x:0:' >etc/group
exec chroot "$root" sh -c 'echo ready && cat >/dev/null'
