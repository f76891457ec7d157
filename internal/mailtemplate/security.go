package mailtemplate

// Style is how a reader is spoken to.
type Style string

// The styles.
const (
	Formal   Style = "formal"
	Informal Style = "informal"
	English  Style = "english"
)

// Security returns the notice about an account that is named what. Nobody can switch these off, so an office cannot change them.
func Security(what string, s Style) *Template { return security[what][s] }

// SecurityWhy says at the foot of a notice why it was sent.
func SecurityWhy(s Style) string {
	return map[Style]string{
		Formal:   "U ontvangt deze mail omdat er iets veranderde aan hoe u inlogt. Zulke mails kunt u niet uitzetten.",
		Informal: "Je krijgt deze mail omdat er iets veranderde aan hoe je inlogt. Zulke mails kun je niet uitzetten.",
		English:  "You get this mail because something changed about how you log in. Mails like this cannot be switched off.",
	}[s]
}

var notYou = map[Style]string{
	Formal:   `<p>Was u dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en bel ons.</p>`,
	Informal: `<p>Was jij dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en bel ons.</p>`,
	English:  `<p>Was this not you? Then choose <strong>Forgotten password</strong> on the login page at once, and call us.</p>`,
}

func notice(subject, body string) *Template {
	return MustParse(subject, "<p>{dossier.salutation}</p>"+body)
}

func same(formal, informal, english [2]string) map[Style]*Template {
	return map[Style]*Template{
		Formal:   notice(formal[0], formal[1]+notYou[Formal]),
		Informal: notice(informal[0], informal[1]+notYou[Informal]),
		English:  notice(english[0], english[1]+notYou[English]),
	}
}

// StaffSecurity is the template of a notice to an employee: the office app speaks Dutch in its mail.
func StaffSecurity(what string) *Template { return staffSecurity[what] }

const notYouStaff = `<p>Was jij dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en waarschuw een beheerder.</p>`

func staffNotice(subject, body string) *Template {
	return MustParse(subject, "<p>Hallo {employee.first_name},</p>"+body+notYouStaff)
}

var staffSecurity = map[string]*Template{
	"factor_on": staffNotice("Je tweede stap is opnieuw ingesteld",
		`<p>Op {notice.at} is met {notice.device} een nieuwe authenticator-app gekoppeld aan je werkplek bij {organisation.name}. De oude app en de oude herstelcodes werken niet meer, en op andere apparaten ben je uitgelogd.</p>`),
	"codes_renewed": staffNotice("Er zijn nieuwe herstelcodes gemaakt",
		`<p>Op {notice.at} zijn met {notice.device} nieuwe herstelcodes gemaakt voor je werkplek bij {organisation.name}. De oude werken niet meer.</p>`),
	"recovery_used": staffNotice("Er is ingelogd met een herstelcode",
		`<p>Op {notice.at} is met {notice.device} ingelogd op je werkplek bij {organisation.name}, met een herstelcode. Die code werkt niet nog een keer.</p><p>Heb je een nieuwe telefoon? Koppel die dan onder <strong>Mijn account</strong>.</p>`),
	"new_device": staffNotice("Ingelogd op een nieuw apparaat",
		`<p>Op {notice.at} is ingelogd op je werkplek bij {organisation.name} met {notice.device}, een apparaat dat we nog niet kenden. Was jij dat? Dan hoef je niets te doen.</p>`),
	"passkey_added": staffNotice("Er is een passkey toegevoegd",
		`<p>Op {notice.at} is met {notice.device} een passkey toegevoegd aan je account bij {organisation.name}. Daarmee log je voortaan in zonder wachtwoord.</p>`),
	"passkey_removed": staffNotice("Er is een passkey verwijderd",
		`<p>Op {notice.at} is met {notice.device} een passkey verwijderd van je account bij {organisation.name}. Inloggen met die passkey kan niet meer. Op andere apparaten ben je uitgelogd.</p>`),
	"passkey_copied": staffNotice("Een van je passkeys werkt niet meer",
		`<p>Op {notice.at} is geprobeerd in te loggen bij {organisation.name} met een passkey van jou waarvan misschien een kopie bestaat. We hebben niemand binnengelaten, en die passkey werkt niet meer. Log op een andere manier in, verwijder hem en voeg een nieuwe toe.</p>`),
}

var security = map[string]map[Style]*Template{
	"factor_on": same(
		[2]string{"Inloggen in twee stappen staat aan", `<p>Sinds {notice.at} vraagt het klantportaal van {organisation.name} bij het inloggen met <strong>{member.username}</strong> ook om een code uit uw app. Dat is ingesteld met {notice.device}. Op andere apparaten bent u uitgelogd.</p>
<p>Bewaar de herstelcodes die u te zien kreeg op een veilige plek: daarmee komt u ook zonder telefoon binnen. U vindt alles terug in het portaal onder <strong>Instellingen</strong>.</p>`},
		[2]string{"Inloggen in twee stappen staat aan", `<p>Sinds {notice.at} vraagt het klantportaal van {organisation.name} bij het inloggen met <strong>{member.username}</strong> ook om een code uit je app. Dat is ingesteld met {notice.device}. Op andere apparaten ben je uitgelogd.</p>
<p>Bewaar de herstelcodes die je te zien kreeg op een veilige plek: daarmee kom je ook zonder telefoon binnen. Je vindt alles terug in het portaal onder <strong>Instellingen</strong>.</p>`},
		[2]string{"Logging in now takes two steps", `<p>Since {notice.at} the client portal of {organisation.name} also asks for a code from your app when you log in with <strong>{member.username}</strong>. It was set up with {notice.device}. You were logged out on other devices.</p>
<p>Keep the recovery codes that you were shown in a safe place: with one of them you get in without your telephone. You find everything in the portal under <strong>Settings</strong>.</p>`}),
	"factor_off": same(
		[2]string{"Inloggen in twee stappen staat uit", `<p>Op {notice.at} is met {notice.device} de tweede stap uitgezet voor <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Inloggen gaat nu weer met alleen uw wachtwoord.</p>`},
		[2]string{"Inloggen in twee stappen staat uit", `<p>Op {notice.at} is met {notice.device} de tweede stap uitgezet voor <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Inloggen gaat nu weer met alleen je wachtwoord.</p>`},
		[2]string{"Logging in takes one step again", `<p>On {notice.at} the second step was switched off with {notice.device} for <strong>{member.username}</strong> in the client portal of {organisation.name}. From now on your password is enough to log in.</p>`}),
	"recovery_used": same(
		[2]string{"Er is ingelogd met een herstelcode", `<p>Op {notice.at} is met {notice.device} ingelogd als <strong>{member.username}</strong> in het klantportaal van {organisation.name}, met een herstelcode. Die code werkt niet nog een keer.</p>
<p>Heeft u een nieuwe telefoon? Stel die dan in onder <strong>Instellingen</strong>.</p>`},
		[2]string{"Er is ingelogd met een herstelcode", `<p>Op {notice.at} is met {notice.device} ingelogd als <strong>{member.username}</strong> in het klantportaal van {organisation.name}, met een herstelcode. Die code werkt niet nog een keer.</p>
<p>Heb je een nieuwe telefoon? Stel die dan in onder <strong>Instellingen</strong>.</p>`},
		[2]string{"A recovery code was used to log in", `<p>On {notice.at} somebody logged in with {notice.device} as <strong>{member.username}</strong> in the client portal of {organisation.name}, with a recovery code. That code does not work again.</p>
<p>Do you have a new telephone? Then set it up under <strong>Settings</strong>.</p>`}),
	"codes_renewed": same(
		[2]string{"Er zijn nieuwe herstelcodes gemaakt", `<p>Op {notice.at} zijn met {notice.device} nieuwe herstelcodes gemaakt voor <strong>{member.username}</strong> in het klantportaal van {organisation.name}. De oude werken niet meer.</p>`},
		[2]string{"Er zijn nieuwe herstelcodes gemaakt", `<p>Op {notice.at} zijn met {notice.device} nieuwe herstelcodes gemaakt voor <strong>{member.username}</strong> in het klantportaal van {organisation.name}. De oude werken niet meer.</p>`},
		[2]string{"New recovery codes were made", `<p>On {notice.at} new recovery codes were made with {notice.device} for <strong>{member.username}</strong> in the client portal of {organisation.name}. The old ones no longer work.</p>`}),
	"new_device": same(
		[2]string{"Ingelogd op een nieuw apparaat", `<p>Op {notice.at} is ingelogd met {notice.device}, een apparaat dat we nog niet kenden, als <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Was u dat? Dan hoeft u niets te doen.</p>`},
		[2]string{"Ingelogd op een nieuw apparaat", `<p>Op {notice.at} is ingelogd met {notice.device}, een apparaat dat we nog niet kenden, als <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Was jij dat? Dan hoef je niets te doen.</p>`},
		[2]string{"Logged in on a new device", `<p>On {notice.at} somebody logged in with {notice.device}, a device we did not know yet, as <strong>{member.username}</strong> in the client portal of {organisation.name}. Was that you? Then there is nothing you need to do.</p>`}),
	"passkey_added": same(
		[2]string{"Er is een passkey toegevoegd", `<p>Op {notice.at} is met {notice.device} een passkey toegevoegd aan <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Daarmee logt u voortaan in zonder wachtwoord. U vindt al uw passkeys in het portaal onder <strong>Instellingen</strong>.</p>`},
		[2]string{"Er is een passkey toegevoegd", `<p>Op {notice.at} is met {notice.device} een passkey toegevoegd aan <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Daarmee log je voortaan in zonder wachtwoord. Je vindt al je passkeys in het portaal onder <strong>Instellingen</strong>.</p>`},
		[2]string{"A passkey was added", `<p>On {notice.at} a passkey was added with {notice.device} to <strong>{member.username}</strong> in the client portal of {organisation.name}. From now on you can log in with it without a password. You find all your passkeys in the portal under <strong>Settings</strong>.</p>`}),
	"passkey_removed": same(
		[2]string{"Er is een passkey verwijderd", `<p>Op {notice.at} is met {notice.device} een passkey verwijderd van <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Inloggen met die passkey kan niet meer. Op andere apparaten bent u uitgelogd.</p>`},
		[2]string{"Er is een passkey verwijderd", `<p>Op {notice.at} is met {notice.device} een passkey verwijderd van <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Inloggen met die passkey kan niet meer. Op andere apparaten ben je uitgelogd.</p>`},
		[2]string{"A passkey was removed", `<p>On {notice.at} a passkey was removed with {notice.device} from <strong>{member.username}</strong> in the client portal of {organisation.name}. It can no longer be used to log in. You were logged out on other devices.</p>`}),
	"passkey_copied": same(
		[2]string{"Een van uw passkeys werkt niet meer", `<p>Op {notice.at} is geprobeerd in te loggen als <strong>{member.username}</strong> in het klantportaal van {organisation.name} met een passkey waarvan misschien een kopie bestaat. We hebben niemand binnengelaten, en die passkey werkt niet meer. Log op een andere manier in, verwijder hem onder <strong>Instellingen</strong> en voeg een nieuwe toe.</p>`},
		[2]string{"Een van je passkeys werkt niet meer", `<p>Op {notice.at} is geprobeerd in te loggen als <strong>{member.username}</strong> in het klantportaal van {organisation.name} met een passkey waarvan misschien een kopie bestaat. We hebben niemand binnengelaten, en die passkey werkt niet meer. Log op een andere manier in, verwijder hem onder <strong>Instellingen</strong> en voeg een nieuwe toe.</p>`},
		[2]string{"One of your passkeys no longer works", `<p>On {notice.at} somebody tried to log in as <strong>{member.username}</strong> in the client portal of {organisation.name} with a passkey of which there may be a copy. We let nobody in, and that passkey no longer works. Log in another way, remove it under <strong>Settings</strong> and add a new one.</p>`}),
	"reset_begun": {
		Formal: notice("Uw tweede stap wordt weggehaald, tenzij u dat stopt", `<p>{organisation.name} haalt de tweede stap van het inloggen weg voor <strong>{member.username}</strong>, omdat is gemeld dat u geen code meer kunt geven. Dat gebeurt niet meteen, maar op {notice.due}. Daarna logt u in met alleen uw wachtwoord en stelt u uw nieuwe telefoon in.</p>
<p><strong>Heeft u hier niet om gevraagd?</strong> Stop het dan: <a href="{notice.stop_url}">{notice.stop_url}</a>. En bel ons.</p>`),
		Informal: notice("Je tweede stap wordt weggehaald, tenzij je dat stopt", `<p>{organisation.name} haalt de tweede stap van het inloggen weg voor <strong>{member.username}</strong>, omdat is gemeld dat je geen code meer kunt geven. Dat gebeurt niet meteen, maar op {notice.due}. Daarna log je in met alleen je wachtwoord en stel je je nieuwe telefoon in.</p>
<p><strong>Heb je hier niet om gevraagd?</strong> Stop het dan: <a href="{notice.stop_url}">{notice.stop_url}</a>. En bel ons.</p>`),
		English: notice("Your second step will be taken away, unless you stop it", `<p>{organisation.name} is taking away the second step of logging in for <strong>{member.username}</strong>, because we were told that you can no longer give a code. It does not happen at once, but on {notice.due}. After that you log in with your password alone and set up your new telephone.</p>
<p><strong>Did you not ask for this?</strong> Then stop it: <a href="{notice.stop_url}">{notice.stop_url}</a>. And call us.</p>`),
	},
	"reset_stopped": same(
		[2]string{"Uw tweede stap blijft aan", `<p>Het weghalen van de tweede stap voor <strong>{member.username}</strong> is op {notice.at} gestopt. Inloggen gaat zoals u gewend bent.</p>`},
		[2]string{"Je tweede stap blijft aan", `<p>Het weghalen van de tweede stap voor <strong>{member.username}</strong> is op {notice.at} gestopt. Inloggen gaat zoals je gewend bent.</p>`},
		[2]string{"Your second step stays on", `<p>Taking away the second step for <strong>{member.username}</strong> was stopped on {notice.at}. Logging in stays as you know it.</p>`}),
	"reset_done": same(
		[2]string{"Uw tweede stap is weggehaald", `<p>De tweede stap van het inloggen als <strong>{member.username}</strong> is op {notice.at} weggehaald, zoals eerder gemeld. Stel hem onder <strong>Instellingen</strong> opnieuw in met uw nieuwe telefoon.</p>`},
		[2]string{"Je tweede stap is weggehaald", `<p>De tweede stap van het inloggen als <strong>{member.username}</strong> is op {notice.at} weggehaald, zoals eerder gemeld. Stel hem onder <strong>Instellingen</strong> opnieuw in met je nieuwe telefoon.</p>`},
		[2]string{"Your second step was taken away", `<p>The second step of logging in as <strong>{member.username}</strong> was taken away on {notice.at}, as announced. Set it up again with your new telephone under <strong>Settings</strong>.</p>`}),
}
