package sso_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"voordeur/internal/sso"
)

// TestAddresses: only the public internet, whichever way an inside address is written.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range strings.Fields(`127.0.0.1:443 127.9.9.9:443 10.0.0.1:443 172.16.0.1:443 172.31.255.255:443 192.168.1.1:443 169.254.169.254:443 0.0.0.0:443 0.1.2.3:443
		100.64.0.1:443 100.127.255.255:443 192.0.0.1:443 192.0.2.1:443 198.18.0.1:443 198.51.100.1:443 203.0.113.1:443 224.0.0.1:443 239.1.1.1:443 240.0.0.1:443 255.255.255.255:443
		[::1]:443 [::]:443 [::ffff:127.0.0.1]:443 [::ffff:10.0.0.1]:443 [::ffff:7f00:1]:443 [fe80::1]:443 [fe80::1%25eth0]:443 [fc00::1]:443 [fd12:3456::1]:443 [ff02::1]:443
		[64:ff9b::7f00:1]:443 [64:ff9b:1::1]:443 [2002:7f00:1::]:443 [2001::1]:443 [2001:db8::1]:443 [100::1]:443 8.8.8.8:80 8.8.8.8:22 [2a00:1450::1]:8443 localhost:443 x 8.8.8.8`) {
		if sso.Public(address) == nil {
			t.Errorf("%s counts as public", address)
		}
	}
	for _, address := range []string{"8.8.8.8:443", "145.131.1.1:443", "[2a00:1450:400e::1]:443"} {
		if err := sso.Public(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestNothingInsideIsReached: names and spellings of this machine lead to no connection.
func TestNothingInsideIsReached(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	canary := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	canary.Config.ConnState = func(net.Conn, http.ConnState) { reached.Add(1) }
	canary.StartTLS()
	t.Cleanup(canary.Close)
	_, port, _ := net.SplitHostPort(canary.Listener.Addr().String())
	p := sso.New(time.Now, false)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0.0.0.0", "[::]"} {
		if err := p.Check(t.Context(), sso.Config{Issuer: "https://" + host + ":" + port}); err == nil {
			t.Errorf("%s answers", host)
		}
	}
	for _, issuer := range []string{"http://example.org", "", "https://user@example.org", "file:///etc/passwd", "https://example.org#x"} {
		if p.CheckAddress(issuer) == nil {
			t.Errorf("%q is accepted", issuer)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}
