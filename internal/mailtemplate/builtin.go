package mailtemplate

// Key names one of the texts that ship with the product (A6). An office will be able to copy and change them.
type Key string

// The texts.
const (
	ActivationFormal         Key = "activation_formal"
	ActivationInformal       Key = "activation_informal"
	ActivationInformalPlural Key = "activation_informal_plural" // follows the number of readers by itself
	ActivationEnglish        Key = "activation_english"
	ResetFormal              Key = "reset_formal"
	ResetInformal            Key = "reset_informal"
	ResetEnglish             Key = "reset_english"
	PasswordSetFormal        Key = "password_set_formal"
	PasswordSetInformal      Key = "password_set_informal"
	PasswordSetEnglish       Key = "password_set_english"
	UsernameFormal           Key = "username_formal"
	UsernameInformal         Key = "username_informal"
	UsernameEnglish          Key = "username_english"
	EmployeeInvitation       Key = "employee_invitation"
	EmployeeReset            Key = "employee_reset"
	EmployeePasswordSet      Key = "employee_password_set"
)

// Builtin returns a text that ships with the product.
func Builtin(k Key) *Template { return builtin[k] }

var builtin = map[Key]*Template{
	ActivationFormal: MustParse("Uw klantportaal bij {organisation.name} staat klaar", `
<p>{dossier.salutation}</p>
<p>Voor u staat een eigen plek op internet klaar: het klantportaal van {organisation.name}. Daar ziet u wat wij van u nodig hebben, levert u stukken veilig aan en volgt u hoe ver uw aanvraag is.</p>
<p>Kies eerst een wachtwoord. Dat doet u met de persoonlijke link hieronder:</p>
{dossier.links_set_password_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Is hij verlopen? Kies dan op de inlogpagina <strong>Wachtwoord vergeten</strong>; u ontvangt meteen een nieuwe.</p>
<p>Daarna logt u altijd in op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Heeft u een vraag? Beantwoord gerust deze mail.</p>
{dossier.advisor_email_signature}`),

	ActivationInformal: MustParse("Je klantportaal bij {organisation.name} staat klaar", `
<p>{dossier.salutation}</p>
<p>Voor jou staat een eigen plek op internet klaar: het klantportaal van {organisation.name}. Daar zie je wat wij van je nodig hebben, lever je stukken veilig aan en volg je hoe ver je aanvraag is.</p>
<p>Kies eerst een wachtwoord. Dat doe je met jouw persoonlijke link:</p>
{dossier.links_set_password_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Is hij verlopen? Kies dan op de inlogpagina <strong>Wachtwoord vergeten</strong>; je krijgt meteen een nieuwe.</p>
<p>Daarna log je altijd in op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Heb je een vraag? Beantwoord gerust deze mail.</p>
{dossier.advisor_email_signature}`),

	ActivationInformalPlural: MustParse("Het klantportaal van {organisation.name} staat klaar", `
<p>{dossier.salutation}</p>
<p>Voor {dossier.jou_jullie} staat een eigen plek op internet klaar: het klantportaal van {organisation.name}. Daar {dossier.vindje_vindenjullie} wat wij nog nodig hebben, en daar {dossier.kunt_kunnen} {dossier.je_jullie} stukken veilig aanleveren en volgen hoe ver {dossier.jouw_jullie} aanvraag is.</p>
<p>Kies eerst een wachtwoord. Dat gaat met een persoonlijke link; iedereen heeft een eigen gebruikersnaam en een eigen wachtwoord:</p>
{dossier.links_set_password_formatted}
<p>Elke link werkt één keer, tot {link.valid_until}. Te laat? Kies op de inlogpagina <strong>Wachtwoord vergeten</strong>, dan {dossier.krijgje_krijgenjullie} meteen een nieuwe.</p>
<p>Inloggen gaat daarna altijd op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Is er iets niet duidelijk? Beantwoord gerust deze mail.</p>
{dossier.advisor_email_signature}`),

	ActivationEnglish: MustParse("Your client portal at {organisation.name} is ready", `
<p>{dossier.salutation}</p>
<p>{organisation.name} has opened a private place on the internet for you: the client portal. There you see what we need from you, hand in papers safely and follow how far your application is.</p>
<p>First choose a password, with the personal link below:</p>
{dossier.links_set_password_formatted}
<p>The link works once, until {link.valid_until}. Has it expired? Choose <strong>Forgotten password</strong> on the login page and you receive a new one at once.</p>
<p>From then on you log in at <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>If you have a question, simply answer this mail.</p>
{dossier.advisor_email_signature}`),

	ResetFormal: MustParse("Kies een nieuw wachtwoord voor {organisation.name}", `
<p>{dossier.salutation}</p>
<p>U, of iemand die uw gebruikersnaam invulde, vroeg om een nieuw wachtwoord voor het klantportaal van {organisation.name}. Kies het met deze persoonlijke link:</p>
{dossier.links_set_password_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Zolang u hem niet gebruikt, verandert er niets.</p>
<p>Heeft u hier niet om gevraagd? Dan hoeft u niets te doen.</p>`),

	ResetInformal: MustParse("Kies een nieuw wachtwoord voor {organisation.name}", `
<p>{dossier.salutation}</p>
<p>Je vroeg om een nieuw wachtwoord voor het klantportaal van {organisation.name}, of iemand anders vulde jouw gebruikersnaam in. Kies het met deze persoonlijke link:</p>
{dossier.links_set_password_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Zolang je hem niet gebruikt, verandert er niets.</p>
<p>Heb je hier niet om gevraagd? Dan hoef je niets te doen.</p>`),

	ResetEnglish: MustParse("Choose a new password for {organisation.name}", `
<p>{dossier.salutation}</p>
<p>You, or somebody who filled in your username, asked for a new password for the client portal of {organisation.name}. Choose it with this personal link:</p>
{dossier.links_set_password_formatted}
<p>The link works once, until {link.valid_until}. Nothing changes as long as you do not use it.</p>
<p>Did you not ask for this? Then there is nothing you need to do.</p>`),

	PasswordSetFormal: MustParse("Uw wachtwoord voor {organisation.name} is ingesteld", `
<p>{dossier.salutation}</p>
<p>Er is zojuist een wachtwoord ingesteld voor de gebruikersnaam <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Overal waar u nog was ingelogd, bent u uitgelogd.</p>
<p>Inloggen doet u op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Was u dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en bel ons.</p>`),

	PasswordSetInformal: MustParse("Je wachtwoord voor {organisation.name} is ingesteld", `
<p>{dossier.salutation}</p>
<p>Er is zojuist een wachtwoord ingesteld voor de gebruikersnaam <strong>{member.username}</strong> in het klantportaal van {organisation.name}. Overal waar je nog was ingelogd, ben je uitgelogd.</p>
<p>Inloggen doe je op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Was jij dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en bel ons.</p>`),

	PasswordSetEnglish: MustParse("Your password for {organisation.name} has been set", `
<p>{dossier.salutation}</p>
<p>A password has just been set for the username <strong>{member.username}</strong> in the client portal of {organisation.name}. Wherever you were still logged in, you have been logged out.</p>
<p>You log in at <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>.</p>
<p>Was this not you? Then choose <strong>Forgotten password</strong> on the login page at once, and call us.</p>`),

	UsernameFormal: MustParse("Uw gebruikersnaam bij {organisation.name}", `
<p>{dossier.salutation}</p>
<p>Uw gebruikersnaam voor het klantportaal van {organisation.name} is voortaan <strong>{member.username}</strong>. Uw wachtwoord blijft zoals het was.</p>
<p>Inloggen doet u op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>. Weet u uw wachtwoord niet meer? Kies daar <strong>Wachtwoord vergeten</strong> en vul de nieuwe gebruikersnaam in.</p>
<p>Heeft u hier niet om gevraagd, of heeft u een vraag? Beantwoord gerust deze mail.</p>
{dossier.advisor_email_signature}`),

	UsernameInformal: MustParse("Je gebruikersnaam bij {organisation.name}", `
<p>{dossier.salutation}</p>
<p>Je gebruikersnaam voor het klantportaal van {organisation.name} is voortaan <strong>{member.username}</strong>. Je wachtwoord blijft zoals het was.</p>
<p>Inloggen doe je op <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>. Weet je je wachtwoord niet meer? Kies daar <strong>Wachtwoord vergeten</strong> en vul de nieuwe gebruikersnaam in.</p>
<p>Heb je hier niet om gevraagd, of heb je een vraag? Beantwoord gerust deze mail.</p>
{dossier.advisor_email_signature}`),

	UsernameEnglish: MustParse("Your username at {organisation.name}", `
<p>{dossier.salutation}</p>
<p>From now on your username for the client portal of {organisation.name} is <strong>{member.username}</strong>. Your password stays as it was.</p>
<p>You log in at <a href="{special.consumerportal_url}">{special.consumerportal_url}</a>. Did you forget your password? Choose <strong>Forgotten password</strong> there and fill in the new username.</p>
<p>Did you not ask for this, or do you have a question? Just reply to this mail.</p>
{dossier.advisor_email_signature}`),

	EmployeeInvitation: MustParse("Je werkplek bij {organisation.name} staat klaar", `
<p>Dag {employee.first_name},</p>
<p>{organisation.name} werkt met Voordeur, en daar is nu een plek voor jou. Kies eerst een wachtwoord:</p>
{employee.link_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Houd je telefoon bij de hand: na je wachtwoord stel je een authenticator-app in. Zo komt niemand anders bij de stukken van klanten.</p>
<p>Daarna log je altijd in op <a href="{special.office_url}">{special.office_url}</a>.</p>`),

	EmployeeReset: MustParse("Kies een nieuw wachtwoord voor je werkplek", `
<p>Dag {employee.first_name},</p>
<p>Voor je werkplek bij {organisation.name} is om een nieuw wachtwoord gevraagd. Kies het met deze persoonlijke link:</p>
{employee.link_formatted}
<p>De link werkt één keer, tot {link.valid_until}. Zolang je hem niet gebruikt, verandert er niets. Bij het inloggen blijft de code uit je app nodig.</p>
<p>Heb je hier niet om gevraagd? Dan hoef je niets te doen.</p>`),

	EmployeePasswordSet: MustParse("Je wachtwoord is ingesteld", `
<p>Dag {employee.first_name},</p>
<p>Er is zojuist een wachtwoord ingesteld voor je werkplek bij {organisation.name}. Overal waar je nog was ingelogd, ben je uitgelogd.</p>
<p>Inloggen doe je op <a href="{special.office_url}">{special.office_url}</a>.</p>
<p>Was jij dit niet zelf? Kies dan meteen op de inlogpagina <strong>Wachtwoord vergeten</strong> en waarschuw een beheerder van je kantoor.</p>`),
}
