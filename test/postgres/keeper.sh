# Runs a PostgreSQL server for as long as somebody holds the other end of the
# standard input, and then removes it with its folder. The holder is the test
# process: however it ends, kill -9 included, the kernel closes its end.
#
# usage: sh -c "$(cat keeper.sh)" keeper FOLDER PROGRAM [ARGUMENT...]
# Descriptor 3 receives the server's log; it is closed when the server is gone.
folder=$1
shift
"$@" >&3 2>&3 3>&- &
server=$!
exec 3>&-
read -r _
kill -QUIT "$server" 2>/dev/null # immediate shutdown: what it kept is thrown away
wait "$server"
rm -rf "$folder" || : # a folder this user may only empty is the test process's to remove
