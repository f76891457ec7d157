package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Events is a source of server-sent events, already in their form as text.
type Events interface {
	Next() (text []byte, more bool) // waits
	Close()
}

// sendWithin is how long a client may take to receive what was sent to it; one that takes longer is gone.
const sendWithin = 10 * time.Second

// SendEvents sends events until the source ends or the client leaves, and closes the source.
func SendEvents(c echo.Context, events Events) error {
	defer events.Close()
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/event-stream")
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	out := http.NewResponseController(c.Response())
	// The server's limits are for requests that end.
	if err := out.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	for {
		text, more := events.Next()
		if !more {
			return nil
		}
		deadline := time.Now().Add(sendWithin) //nolint:forbidigo // the network does not know the clock that tests move
		if err := out.SetWriteDeadline(deadline); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := c.Response().Write(text); err != nil {
			return nil //nolint:nilerr // the client has left, which is how streams end
		}
		if err := out.Flush(); err != nil {
			return nil //nolint:nilerr // the client has left, which is how streams end
		}
	}
}
