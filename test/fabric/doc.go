// Package fabric has no code: its tests show the whole of Onramp, from a call of the API to packets, in a network of real
// routers inside a guest (package guest): the provider's with the driver or the agent, customers' with FRRouting, BIRD and
// wpa_supplicant, and cables that are pulled. Each sentence of what a fabric must show is one test in a file of its own.
package fabric
