package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"

	"voordeur/api"
	"voordeur/api/v1/office"
	"voordeur/api/v1/portal"
	"voordeur/api/v1/public"
	"voordeur/internal/actionpoint"
	"voordeur/internal/apiclient"
	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/employee"
	"voordeur/internal/invitation"
	"voordeur/internal/live"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/overview"
	"voordeur/internal/passkey"
	"voordeur/internal/queue"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
	"voordeur/internal/sms"
	"voordeur/internal/sso"
	"voordeur/internal/web"
)

// Parts is what the services stand on.
type Parts struct {
	DB        *db.DB
	Blobs     *blobstore.Store
	Key       sealed.Key
	Now       func() time.Time
	Log       *slog.Logger
	Metrics   prometheus.Registerer // nil: not measured
	PortalURL string
	OfficeURL string
	MailFrom  string
	SMTPURL   string       // empty: mail is queued and not sent
	Texts     sms.Provider // nil: no text messages, mail takes their place
	// TextsPerDay is how many text messages an office may send; 0: as many as Limits say.
	TextsPerDay int
	// Passwords is what hashing costs; the zero value is what production pays.
	Passwords signin.Cost
	// Limits are how often somebody may try to sign in; the zero value is production's.
	Limits signin.Limits
	// PlainSSO lets a provider be on this machine, over http. Only tests set it.
	PlainSSO bool
}

// Services are all use cases, put together.
type Services struct {
	Office office.Handler
	Portal portal.Handler

	log         *slog.Logger
	now         func() time.Time
	signin      *signin.Service
	invitations *invitation.Service
	apiClients  *apiclient.Service
	hasher      *signin.Hasher
	live        *live.Hub
	workers     *river.Workers
	may         map[string][]authz.Permission
	sweeps      []string
	clocked     []*river.PeriodicJob
}

// Compose puts the services together. It starts nothing.
func Compose(p Parts) (*Services, error) {
	if p.Passwords == (signin.Cost{}) {
		p.Passwords = signin.DefaultCost
	}
	if p.Limits == (signin.Limits{}) {
		p.Limits = signin.DefaultLimits
	}
	if p.TextsPerDay > 0 {
		p.Limits.Texts = p.TextsPerDay
	}
	hasher, err := signin.NewHasher(p.Passwords)
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	s := &Services{log: p.Log, now: p.Now, hasher: hasher, workers: river.NewWorkers(), may: map[string][]authz.Permission{}}
	organisations := &organisation.Service{DB: p.DB, Now: p.Now, PortalBase: p.PortalURL}
	employees := &employee.Service{DB: p.DB, Now: p.Now, Organisations: organisations}
	clients := &client.Service{DB: p.DB, Now: p.Now}
	members := &member.Service{DB: p.DB, Now: p.Now}
	s.invitations = &invitation.Service{DB: p.DB, Now: p.Now, Key: p.Key, Organisations: organisations, OfficeURL: p.OfficeURL}
	portalKeys, err := passkey.New("Voordeur", p.PortalURL)
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	officeKeys, err := passkey.New("Voordeur", p.OfficeURL)
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	s.signin = &signin.Service{
		DB: p.DB, Now: p.Now, Key: p.Key, Hasher: hasher, Limits: p.Limits, SSO: sso.New(p.Now, p.PlainSSO), OfficeURL: p.OfficeURL,
		Texts: p.Texts != nil, PortalKeys: portalKeys, OfficeKeys: officeKeys,
	}
	s.apiClients = &apiclient.Service{DB: p.DB, Now: p.Now, Key: p.Key, Issuer: strings.TrimSuffix(p.PortalURL, "/"), OfficeURL: strings.TrimSuffix(p.OfficeURL, "/")}
	documents := &document.Service{DB: p.DB, Blobs: p.Blobs, Now: p.Now, Log: p.Log}
	dossiers := &dossier.Service{DB: p.DB, Now: p.Now, Ask: actionpoint.Ask, Usual: actionpoint.First, Withdraw: actionpoint.Withdraw}
	points := &actionpoint.Service{DB: p.DB, Now: p.Now}
	overviews := &overview.Service{DB: p.DB, Now: p.Now}
	trail := &audit.Service{DB: p.DB}
	s.live = &live.Hub{DB: p.DB, Log: p.Log, Now: p.Now}
	s.Office = office.Handler{
		Organisations: organisations, Employees: employees, Clients: clients, Members: members, SignIn: s.signin, Invitations: s.invitations,
		Dossiers: dossiers, ActionPoints: points, Overviews: overviews, Documents: documents, Live: s.live, Trail: trail, ApiClients: s.apiClients,
	}
	s.Portal = portal.Handler{
		Organisations: organisations, SignIn: s.signin, Members: members,
		ActionPoints: points, Overviews: overviews, Documents: documents, Live: s.live, ApiClients: s.apiClients,
	}
	return s, s.tasks(p)
}

// tasks lists what runs in the background, and what each kind of task may do.
func (s *Services) tasks(p Parts) error {
	river.AddWorker(s.workers, &signin.SendResetWorker{SignIn: s.signin})
	s.may[signin.SendResetKind] = []authz.Permission{authz.MailSend}
	river.AddWorker(s.workers, &signin.SendEmployeeResetWorker{SignIn: s.signin})
	s.may[signin.SendEmployeeResetKind] = []authz.Permission{authz.MailSend}
	river.AddWorker(s.workers, &signin.SendCodeWorker{SignIn: s.signin})
	s.may[signin.SendCodeKind] = []authz.Permission{authz.MailSend}
	if p.Texts != nil {
		river.AddWorker(s.workers, &sms.SendWorker{DB: p.DB, Now: p.Now, Provider: p.Texts, Render: s.invitations.TextRenderers(), Instead: s.invitations.Instead()})
		s.may[sms.SendKind] = []authz.Permission{authz.MailSend}
	}
	river.AddWorker(s.workers, &signin.CloseViewWorker{SignIn: s.signin})
	s.may[signin.CloseViewKind] = []authz.Permission{authz.ViewClose}
	river.AddWorker(s.workers, &queue.SweepWorker{DB: p.DB})
	s.sweeps = append(s.sweeps, queue.SweepKind)
	s.clocked = append(s.clocked, queue.Hourly(queue.Sweep{}))
	river.AddWorker(s.workers, &document.SweepWorker{Documents: s.Portal.Documents})
	s.sweeps, s.clocked = append(s.sweeps, document.SweepKind), append(s.clocked, document.Sweeps())
	river.AddWorker(s.workers, &audit.SignWorker{Checkpoints: &audit.Checkpoints{DB: p.DB, Blobs: p.Blobs, Key: p.Key, Now: p.Now}})
	s.sweeps, s.clocked = append(s.sweeps, audit.SignKind), append(s.clocked, queue.Hourly(audit.Sign{}))
	if p.SMTPURL != "" {
		post, err := mailer.NewTransport(p.SMTPURL, p.MailFrom)
		if err != nil {
			return err
		}
		river.AddWorker(s.workers, &mailer.SendWorker{DB: p.DB, Now: p.Now, Post: post.Send, Render: s.invitations.Renderers(), Sent: s.invitations.SentHooks()})
		s.may[mailer.SendKind] = []authz.Permission{authz.MailSend}
	}
	return nil
}

// Deps is what the router needs of the services.
func (s *Services) Deps() api.Deps {
	return api.Deps{
		Log: s.log, Now: s.now, Sessions: sessions{s.signin}, Programs: programs{s.apiClients}, Office: s.Office, Portal: s.Portal,
		Public: public.Handler{Version: Version(), ApiClients: s.apiClients},
	}
}

// programs lets the HTTP layer ask which program shows a key or a token.
type programs struct{ clients *apiclient.Service }

// Program implements web.Programs.
func (p programs) Program(ctx context.Context, audience web.Audience, credential, address string) (authz.Actor, error) {
	if audience == web.Office {
		return p.clients.Office(ctx, credential, address)
	}
	return p.clients.Member(ctx, credential, address)
}

// sessions lets the HTTP layer ask the sign-in service who holds a token.
type sessions struct{ signin *signin.Service }

// Resolve implements web.Sessions.
func (s sessions) Resolve(ctx context.Context, kind authz.Kind, token string) (web.Session, error) {
	h, err := s.signin.Resolve(ctx, kind, token)
	return web.Session(h), err
}

// Carry implements web.Sessions.
func (s sessions) Carry(ctx context.Context, kind authz.Kind, token string) (context.Context, func() authz.Actor, error) {
	return s.signin.Carry(ctx, kind, token)
}

// Background starts what runs beside the requests.
func (s *Services) Background(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { s.live.Run(ctx); return nil })
}

// StartQueue begins to work tasks.
func (s *Services) StartQueue(ctx context.Context, url string, log *slog.Logger) (*queue.Runner, error) {
	return queue.Start(ctx, queue.Config{URL: url, Workers: s.workers, May: s.may, Sweeps: s.sweeps, Periodic: s.clocked, Log: log})
}
