package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// private answers only who asks for this machine by an address or a name that no stranger can own. A page of a stranger could
// otherwise let its own name resolve to this machine, and read captured mail or metrics in the operator's browser.
func private(addr string, next http.Handler) http.Handler {
	configured, _, _ := net.SplitHostPort(addr)
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		host = strings.ToLower(strings.Trim(host, "[]"))
		_, err := netip.ParseAddr(host)
		// A name without a dot is one of the own network, such as that of a container.
		if err != nil && host != strings.ToLower(configured) && (host == "" || strings.Contains(host, ".")) {
			http.Error(w, "ask for this by its address or as localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
