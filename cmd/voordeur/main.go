// Command voordeur is the whole product in one file: the customer portal, the office app, their API and the tasks behind them.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"voordeur/internal/app"
	"voordeur/internal/config"
)

type cli struct {
	Serve   serve   `cmd:"" default:"withargs" help:"Serve the portal, the office app and the API, and work the tasks (the default)."`
	Worker  worker  `cmd:"" help:"Work tasks only, beside other processes that serve."`
	Migrate migrate `cmd:"" help:"Bring the database up to date, and stop."`
	Admin   admin   `cmd:"" help:"Set up an office."`
	Import  imports `cmd:"" help:"Take over what another system knew."`
	Seed    seed    `cmd:"" help:"Fill an empty database with the demo."`
	Demo    demo    `cmd:"" help:"Print the logins of the demo again, with the codes of this moment."`
	Verify  verify  `cmd:"" help:"Check that every document has its bytes, or that nobody changed the trail."`
	Version version `cmd:"" help:"Say which version this is."`
}

type (
	serve   struct{}
	worker  struct{}
	migrate struct{}
	seed    struct{}
	demo    struct{}
	version struct{}
	verify  struct {
		Documents verifyDocuments `cmd:"" default:"withargs" help:"Check that every document has its bytes (the default)."`
		Audit     verifyAudit     `cmd:"" help:"Check the trail of every office, and name the first event that is not as it was written."`
	}
	verifyDocuments struct {
		Bytes bool `help:"Read every document and compare its SHA-256, not only its size."`
	}
	verifyAudit struct{}
	imports     struct {
		Usernames importUsernames `cmd:"" help:"Take over the usernames of applicants. Without --apply nothing changes; the report says what would."`
	}
	importUsernames struct {
		File   string `arg:"" type:"existingfile" help:"A CSV file with the columns dossier, applicant (name or e-mail address) and username."`
		Office string `required:"" help:"The office, as in the address of its portal."`
		Apply  bool   `help:"Do it."`
	}
	admin struct {
		CreateOffice createOffice `cmd:"" help:"Make an office with its first administrator. The password is read from standard input."`
	}
	createOffice struct {
		Slug  string `required:"" help:"The office in the address of its portal, such as brugwachter."`
		Name  string `required:"" help:"The name of the office."`
		Email string `required:"" help:"The e-mail address the administrator signs in with."`
		First string `required:"" help:"First name of the administrator."`
		Last  string `required:"" help:"Last name of the administrator."`
	}
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // the second signal ends the program at once
		<-ctx.Done()
		stop()
	}()
	var c cli
	k := kong.Parse(&c, kong.Name("voordeur"), kong.Description("The front door of an advisory office."), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "voordeur:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func (serve) Run(ctx context.Context) error  { return run(ctx, app.Everything) }
func (worker) Run(ctx context.Context) error { return run(ctx, app.WorkerOnly) }

func run(ctx context.Context, role app.Role) error {
	return with(ctx, role, func(a *app.App) error {
		if role == app.Everything {
			a.Welcome(os.Stderr)
		}
		return a.Serve(ctx)
	})
}

// with puts the program together, and takes it apart after fn.
func with(ctx context.Context, role app.Role, fn func(a *app.App) error) error {
	c, err := config.Load()
	if err != nil {
		return fmt.Errorf("the settings are not right:\n%w", err)
	}
	a, closeAll, err := app.New(ctx, c, logger(c), role)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), closeAll())
}

func logger(c config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(os.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, options))
}

func (migrate) Run(ctx context.Context) error {
	return tool(ctx, func(*app.App) error {
		fmt.Println("The database is up to date.")
		return nil
	})
}

func (seed) Run(ctx context.Context) error {
	return tool(ctx, func(a *app.App) error { return a.SeedDemo(ctx) })
}

func (demo) Run() error {
	c, err := config.Load()
	if err != nil {
		return err
	}
	return app.PrintDemo(os.Stdout, c)
}

func (v verifyDocuments) Run(ctx context.Context) error {
	return tool(ctx, func(a *app.App) error { return a.Verify(ctx, v.Bytes, os.Stdout) })
}

func (verifyAudit) Run(ctx context.Context) error {
	return tool(ctx, func(a *app.App) error { return a.VerifyAudit(ctx, os.Stdout) })
}

func (i importUsernames) Run(ctx context.Context) error {
	file, err := os.Open(i.File)
	if err != nil {
		return err
	}
	return errors.Join(tool(ctx, func(a *app.App) error { return a.ImportUsernames(ctx, i.Office, file, i.Apply, os.Stdout) }), file.Close())
}

func (version) Run() error { //nolint:unparam // kong expects an error
	fmt.Println(app.VersionLine())
	return nil
}

func (o createOffice) Run(ctx context.Context) error {
	password, err := readPassword()
	if err != nil {
		return err
	}
	return tool(ctx, func(a *app.App) error {
		made, err := a.CreateOffice(ctx, app.NewOffice{Slug: o.Slug, Name: o.Name, Email: o.Email, FirstName: o.First, LastName: o.Last, Password: password})
		if err != nil {
			return err
		}
		fmt.Printf("The office %s is there.\n\nPortal:        %s\nOffice app:    %s\nSign in as:    %s\nSecond factor: put this secret in an authenticator app; it is shown only now.\n               %s\n               %s\n",
			o.Name, made.PortalURL, made.OfficeURL, o.Email, made.TOTPSecret, made.TOTPURL)
		return nil
	})
}

// tool runs fn beside a server that may be running: it takes no address.
func tool(ctx context.Context, fn func(a *app.App) error) error {
	if err := os.Setenv("VOORDEUR_OPS_ADDR", ""); err != nil {
		return err
	}
	return with(ctx, app.WorkerOnly, fn)
}

// readPassword reads one line, so that a password never stands in a list of processes.
func readPassword() (string, error) {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprint(os.Stderr, "Password of the administrator (it shows while you type): ")
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", errors.New("give the administrator's password on standard input")
	}
	return password, nil
}
