// Package config reads the settings of the program from the environment: everything at once, with all mistakes together.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is every setting. The zero environment gives a program that works on one machine.
type Config struct {
	// DatabaseURL is a PostgreSQL address of a role that may create roles and schemas; empty: an embedded server in DataDir.
	DatabaseURL string `env:"DATABASE_URL"`
	// AppDatabaseURL is the same database as the role without rights; empty: made from DatabaseURL.
	AppDatabaseURL string `env:"APP_DATABASE_URL"`
	// DatabaseConnections is the size of the pool.
	DatabaseConnections int32 `env:"DATABASE_CONNECTIONS" envDefault:"20"`
	// PGBin is where the binaries of the embedded PostgreSQL are; empty: where the build put them, or those of the system.
	PGBin string `env:"PG_BIN"`
	// DataDir holds the embedded database, documents and keys.
	DataDir string `env:"DATA_DIR" envDefault:".data"`

	// PortalURL and OfficeURL are how browsers reach the apps; links in mails begin with them.
	PortalURL string `env:"PORTAL_URL"`
	OfficeURL string `env:"OFFICE_URL"`
	// PortalAddr and OfficeAddr are where the program listens for them.
	PortalAddr string `env:"PORTAL_ADDR" envDefault:":8080"`
	OfficeAddr string `env:"OFFICE_ADDR" envDefault:":8081"`
	// MailboxAddr is where captured mail can be read; only with an empty SMTPURL.
	MailboxAddr string `env:"MAILBOX_ADDR" envDefault:"127.0.0.1:8025"`
	// OpsAddr serves /metrics and profiles; it is not for the world.
	OpsAddr string `env:"OPS_ADDR" envDefault:"127.0.0.1:8082"`
	// TrustedProxies are the networks whose X-Forwarded-For counts, such as 10.0.0.0/8.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`

	// SMTPURL is smtp://user:password@host:587 or smtps://…; empty: a server of our own that keeps every mail to be read.
	SMTPURL string `env:"SMTP_URL"`
	// MailFrom is the sender's address; the name is that of the office.
	MailFrom string `env:"MAIL_FROM" envDefault:"post@voordeur.example"`

	// SMSURL is the HTTP interface of a provider of text messages. It, the headers and the body are templates with {{.To}}, {{.Text}}
	// and {{.ID}}. Empty: codes go by mail, or beside the captured mail where that is captured.
	SMSURL string `env:"SMS_URL"`
	// SMSMethod is POST, or what the provider wants.
	SMSMethod string `env:"SMS_METHOD" envDefault:"POST"`
	// SMSHeaders are a JSON object of names and values; empty: Content-Type: application/json.
	SMSHeaders string `env:"SMS_HEADERS"`
	// SMSBody is what is sent; empty: {"to":"{{.To}}","text":"{{.Text}}","reference":"{{.ID}}"}.
	SMSBody string `env:"SMS_BODY"`
	// SMSStatus are the statuses that say that a message was taken; empty: 200 to 299.
	SMSStatus []int `env:"SMS_STATUS"`
	// SMSAnswer is a regular expression that the answer must match besides.
	SMSAnswer string `env:"SMS_ANSWER"`
	// SMSTimeout is how long the provider may take before mail takes its place.
	SMSTimeout time.Duration `env:"SMS_TIMEOUT" envDefault:"10s"`
	// SMSDaily is how many text messages one office may send in a day; what comes after goes by mail.
	SMSDaily int `env:"SMS_DAILY" envDefault:"300"`

	// BlobURL is where documents are: file:///path or s3://bucket?…; empty: a folder in DataDir.
	BlobURL string `env:"BLOB_URL"`
	// SecretKey is 32 bytes in base64url; empty: kept in a file in DataDir, made at the first start.
	SecretKey string `env:"SECRET_KEY"`

	// Demo fills an empty database with two offices to try things with. Never with real customers.
	Demo bool `env:"DEMO"`
	// RateFactor multiplies the allowances of callers; 0 lifts them.
	RateFactor float64 `env:"RATE_FACTOR" envDefault:"1"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// LogFormat is json or text.
	LogFormat string `env:"LOG_FORMAT" envDefault:"json"`
	// ShutdownTimeout is how long requests in flight may take to finish.
	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" envDefault:"20s"`

	// Proxies is TrustedProxies, read.
	Proxies []*net.IPNet `env:"-"`
	// SMSHeaderValues is SMSHeaders, read.
	SMSHeaderValues map[string]string `env:"-"`
}

const prefix = "VOORDEUR_"

// secrets may also stand in a file, named by the variable with _FILE behind it.
var secrets = []string{"DATABASE_URL", "APP_DATABASE_URL", "SMTP_URL", "BLOB_URL", "SECRET_KEY", "SMS_URL", "SMS_HEADERS", "SMS_BODY"}

// Load reads the environment of the process.
func Load() (Config, error) { return From(os.Environ()) }

// From reads environ, lines of NAME=value. It reports every mistake, not only the first.
func From(environ []string) (Config, error) {
	vars := env.ToMap(environ)
	var bad []error
	for _, name := range secrets {
		file := vars[prefix+name+"_FILE"]
		switch {
		case file == "":
		case vars[prefix+name] != "":
			bad = append(bad, fmt.Errorf("%s%s and %s%s_FILE are both set", prefix, name, prefix, name))
		default:
			raw, err := os.ReadFile(file) //nolint:gosec // the path is the operator's
			if err != nil {
				bad = append(bad, fmt.Errorf("%s%s_FILE: %w", prefix, name, err))
			}
			vars[prefix+name] = strings.TrimSpace(string(raw))
		}
	}
	known := map[string]bool{}
	c, err := env.ParseAsWithOptions[Config](env.Options{
		Environment: vars, Prefix: prefix,
		OnSet: func(tag string, _ any, _ bool) { known[tag] = true },
	})
	if err != nil {
		bad = append(bad, err)
	}
	for name := range vars {
		plain := strings.TrimSuffix(name, "_FILE")
		if strings.HasPrefix(name, prefix) && !known[name] && !known[plain] && !others[name] {
			bad = append(bad, fmt.Errorf("%s is no setting of this program", name))
		}
	}
	bad = append(bad, c.complete()...)
	if len(bad) > 0 {
		return Config{}, errors.Join(bad...)
	}
	return c, nil
}

// others are variables that tools around the program read.
var others = map[string]bool{}

// complete fills in what follows from other settings, and checks the rest.
func (c *Config) complete() []error {
	var bad []error
	fail := func(name, format string, args ...any) {
		bad = append(bad, fmt.Errorf("%s%s: "+format, append([]any{prefix, name}, args...)...))
	}
	abs, err := filepath.Abs(c.DataDir)
	if err != nil {
		fail("DATA_DIR", "%w", err)
	}
	c.DataDir = abs
	for _, a := range []struct {
		name  string
		value *string
		addr  string
	}{{"PORTAL_URL", &c.PortalURL, c.PortalAddr}, {"OFFICE_URL", &c.OfficeURL, c.OfficeAddr}} {
		if *a.value == "" {
			*a.value = localURL(a.addr)
		}
		u, err := url.Parse(*a.value)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			fail(a.name, "%q is not an address like https://portal.example.nl", *a.value)
		}
		*a.value = strings.TrimRight(*a.value, "/")
	}
	for _, a := range []struct{ name, value string }{
		{"PORTAL_ADDR", c.PortalAddr},
		{"OFFICE_ADDR", c.OfficeAddr},
		{"MAILBOX_ADDR", c.MailboxAddr},
		{"OPS_ADDR", c.OpsAddr},
	} {
		if _, _, err := net.SplitHostPort(a.value); err != nil && a.value != "" {
			fail(a.name, "%q is not an address like :8080 or 127.0.0.1:8080", a.value)
		}
	}
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		fail("MAIL_FROM", "%q is not an e-mail address", c.MailFrom)
	}
	if c.SMTPURL != "" {
		if u, err := url.Parse(c.SMTPURL); err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Host == "" {
			fail("SMTP_URL", "is not an address like smtp://user:password@host:587")
		}
	}
	if c.SMSURL != "" && !strings.HasPrefix(c.SMSURL, "https://") && !strings.HasPrefix(c.SMSURL, "http://") {
		fail("SMS_URL", "is not an address like https://sms.example.nl/messages")
	}
	if c.SMSHeaders != "" {
		if err := json.Unmarshal([]byte(c.SMSHeaders), &c.SMSHeaderValues); err != nil { // without the text: it holds a password
			fail("SMS_HEADERS", `is not JSON like {"Authorization":"Bearer secret","Content-Type":"application/json"}`)
		}
	}
	if c.SMSTimeout <= 0 || c.SMSTimeout > 30*time.Second {
		fail("SMS_TIMEOUT", "must be more than nothing, and 30s at most")
	}
	if c.SMSDaily < 1 {
		fail("SMS_DAILY", "must be at least 1")
	}
	if c.DatabaseURL != "" {
		if u, err := url.Parse(c.DatabaseURL); err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
			fail("DATABASE_URL", "is not an address like postgres://user:password@host/database")
		}
	}
	for _, cidr := range c.TrustedProxies {
		_, network, err := net.ParseCIDR(strings.TrimSpace(cidr))
		if err != nil {
			fail("TRUSTED_PROXIES", "%q is not a network like 10.0.0.0/8", cidr)
			continue
		}
		c.Proxies = append(c.Proxies, network)
	}
	if c.LogFormat != "json" && c.LogFormat != "text" {
		fail("LOG_FORMAT", "%q is neither json nor text", c.LogFormat)
	}
	if c.RateFactor < 0 {
		fail("RATE_FACTOR", "must not be negative")
	}
	if c.DatabaseConnections < 4 {
		fail("DATABASE_CONNECTIONS", "must be at least 4")
	}
	if c.BlobURL == "" {
		c.BlobURL = (&url.URL{Scheme: "file", Path: filepath.Join(c.DataDir, "blobs")}).String()
	}
	return bad
}

// localURL is how a browser on this machine reaches addr.
func localURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && (ip.IsUnspecified() || ip.IsLoopback())) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// HTTPS reports whether browsers reach the apps over TLS.
func (c Config) HTTPS() bool {
	return strings.HasPrefix(c.PortalURL, "https://") && strings.HasPrefix(c.OfficeURL, "https://")
}
