package web

import (
	"net"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// CallerAddress finds the address of the caller. X-Forwarded-For counts only when one of proxies wrote it; with no proxies
// the connection itself is the only witness.
func CallerAddress(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(p))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// fromAddress names who calls by nothing but the address, in the limits.
func fromAddress(c echo.Context) string { return "ip:" + authz.Caller(c.RealIP()) }
