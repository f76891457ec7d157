package app

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"voordeur/internal/clock"
	"voordeur/internal/config"
	"voordeur/internal/seed"
	"voordeur/internal/web"
)

// release is set by the build of a release.
var release = "1.0.0"

// Version reads what the Go toolchain wrote into the binary.
func Version() web.Version {
	v := web.Version{Version: release, GoVersion: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Commit = s.Value
			case "vcs.time":
				v.BuiltAt = s.Value
			}
		}
	}
	return v
}

// VersionLine is Version in one line.
func VersionLine() string {
	v := Version()
	return strings.TrimSpace(fmt.Sprintf("voordeur %s %s %s", v.Version, v.Commit, v.GoVersion))
}

// Welcome says where to go, once the program is put together.
func (a *App) Welcome(w io.Writer) {
	if a.cfg.Demo {
		if demo, err := seed.Read(a.cfg.DataDir); err == nil && demo.Print(w, clock.Now()) == nil {
			return
		}
	}
	_, _ = fmt.Fprintf(w, "\n  Customer portal  %s\n  Office app       %s\n", a.cfg.PortalURL, a.cfg.OfficeURL)
	if a.cfg.SMTPURL == "" {
		_, _ = fmt.Fprintf(w, "  Mail             %s\n", a.mailURL())
	}
	_, _ = fmt.Fprintf(w, "  API              %s/api/docs\n", a.cfg.OfficeURL)
	_, _ = fmt.Fprintln(w)
}

// PrintDemo prints the logins of the demo in the data folder.
func PrintDemo(w io.Writer, c config.Config) error {
	demo, err := seed.Read(c.DataDir)
	if err != nil {
		return fmt.Errorf("there is no demo in %s: %w", c.DataDir, err)
	}
	return demo.Print(w, clock.Now())
}
