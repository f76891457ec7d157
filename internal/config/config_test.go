package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"voordeur/internal/config"
)

func TestNothingSet(t *testing.T) {
	t.Parallel()
	c, err := config.From(nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.PortalURL != "http://localhost:8080" || c.OfficeURL != "http://localhost:8081" || c.HTTPS() || !filepath.IsAbs(c.DataDir) {
		t.Errorf("got %+v", c)
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	t.Parallel()
	_, err := config.From([]string{
		"VOORDEUR_PORTAL_URL=portal.example.nl", "VOORDEUR_PORTAL_ADDR=8080", "VOORDEUR_MAIL_FROM=nobody", "VOORDEUR_SMTP_URL=mail.example.nl",
		"VOORDEUR_TRUSTED_PROXIES=10.0.0.1", "VOORDEUR_PORTAL_UR=typo", "VOORDEUR_SECRET_KEY_FILE=/nowhere",
		"VOORDEUR_SMS_URL=sms.example.nl", "VOORDEUR_SMS_HEADERS=Authorization: s3cret", "VOORDEUR_SMS_TIMEOUT=0s", "VOORDEUR_SMS_DAILY=0",
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"PORTAL_URL", "PORTAL_ADDR", "MAIL_FROM", "SMTP_URL", "TRUSTED_PROXIES", "PORTAL_UR is no setting", "SECRET_KEY_FILE", "SMS_URL", "SMS_HEADERS", "SMS_TIMEOUT", "SMS_DAILY"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not tell about %s:\n%v", name, err)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "smtp")
	if err := os.WriteFile(file, []byte("smtp://user:secret@mail.example.nl:587\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.From([]string{"VOORDEUR_SMTP_URL_FILE=" + file})
	if err != nil {
		t.Fatal(err)
	}
	if c.SMTPURL != "smtp://user:secret@mail.example.nl:587" {
		t.Errorf("got %q", c.SMTPURL)
	}
	if _, err := config.From([]string{"VOORDEUR_SMTP_URL_FILE=" + file, "VOORDEUR_SMTP_URL=smtp://other"}); err == nil {
		t.Error("both at once are accepted")
	}
}

// TestExampleHasEverySetting: an operator reads deployments/env.example, which the program must accept as it stands.
func TestExampleHasEverySetting(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "deployments", "env.example"))
	if err != nil {
		t.Fatal(err)
	}
	var set, all []string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		name, commented := strings.CutPrefix(line, "#")
		if !strings.HasPrefix(name, "VOORDEUR_") || !strings.Contains(name, "=") {
			continue
		}
		if all = append(all, name); !commented {
			set = append(set, name)
		}
	}
	for what, environ := range map[string][]string{"as it stands": set, "with every line": all} {
		if _, err := config.From(environ); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	fields := reflect.TypeFor[config.Config]()
	for i := range fields.NumField() {
		name := fields.Field(i).Tag.Get("env")
		if name != "-" && !slices.ContainsFunc(all, func(line string) bool { return strings.HasPrefix(line, "VOORDEUR_"+name+"=") }) {
			t.Errorf("VOORDEUR_%s is not in it", name)
		}
	}
}
