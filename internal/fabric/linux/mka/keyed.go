package mka

// Keyed answers the MACsec devices, by index, that have keys to send and to receive with, whatever is made of them: a
// device that prefers to encrypt can begin to.
func Keyed() (map[int]bool, error) {
	all, err := readSecYs()
	keyed := make(map[int]bool, len(all))
	for index, s := range all {
		keyed[index] = s.transmitting && s.receiving
	}
	return keyed, err
}
