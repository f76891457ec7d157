package authz

import "net/netip"

// customerLine is what a provider gives one line at least: whoever has one IPv6 address of it has them all.
const customerLine = 64

// Caller names where a request comes from, for who counts requests: the address, or of IPv6 the network that it is in.
func Caller(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(customerLine)
	if err != nil {
		return address
	}
	return p.String()
}
