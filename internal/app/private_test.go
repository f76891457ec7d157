package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestPrivateListenersKnowTheirNames(t *testing.T) {
	t.Parallel()
	served := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for host, want := range map[string]int{
		"localhost:8025": 204, "LOCALHOST": 204, "127.0.0.1:8025": 204, "127.0.0.1": 204, "[::1]:8025": 204, "[::1]": 204, "10.1.2.3:8082": 204,
		"voordeur:8082": 204, "ops.example.nl:8082": 204, "Ops.Example.nl": 204,
		"rebound.example:8025": 421, "localhost.example": 421, "127.0.0.1.example:8025": 421, "localhost.:8025": 421, "": 421, "x.ops.example.nl": 421,
	} {
		h := private("ops.example.nl:8082", served)
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.Host = host
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code != want {
			t.Errorf("Host %q: got %d, want %d", host, rec.Code, want)
		}
	}
	req := httptest.NewRequest(http.MethodPost, "http://localhost:8025/clear", http.NoBody)
	req.Header.Set("Origin", "https://stranger.example")
	rec := httptest.NewRecorder()
	private("127.0.0.1:8025", served).ServeHTTP(rec, req)
	if rec.Code != http.StatusForbidden {
		t.Errorf("a form of a stranger's page: got %d", rec.Code)
	}
}
