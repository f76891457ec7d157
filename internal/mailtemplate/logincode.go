package mailtemplate

// LoginCode is the mail that carries a code to log in with. It is a matter of security, so an office cannot change it.
func LoginCode(s Style) *Template { return loginCode[s] }

// LoginCodeWhy says at the foot of that mail why it was sent.
func LoginCodeWhy(s Style) string {
	return map[Style]string{
		Formal:   "U ontvangt deze mail omdat op de inlogpagina om een code is gevraagd.",
		Informal: "Je krijgt deze mail omdat op de inlogpagina om een code is gevraagd.",
		English:  "You get this mail because a code was asked for on the login page.",
	}[s]
}

var loginCode = map[Style]*Template{
	Formal: notice("Uw inlogcode voor {organisation.name}", `<p>Met deze code logt u in op het klantportaal van {organisation.name}:</p>
<h2>{code.digits}</h2>
<p>Typ hem over op de pagina waar u erom vroeg. Hij werkt één keer, tot {code.until}.</p>
<p><strong>Geef deze code nooit door.</strong> Ook niet aan iemand die zegt dat hij van {organisation.name} is: wij vragen er nooit om.</p>
<p>Heeft u niet om een code gevraagd? Dan hoeft u niets te doen. Zonder deze code komt niemand binnen.</p>`),
	Informal: notice("Je inlogcode voor {organisation.name}", `<p>Met deze code log je in op het klantportaal van {organisation.name}:</p>
<h2>{code.digits}</h2>
<p>Typ hem over op de pagina waar je erom vroeg. Hij werkt één keer, tot {code.until}.</p>
<p><strong>Geef deze code nooit door.</strong> Ook niet aan iemand die zegt dat hij van {organisation.name} is: wij vragen er nooit om.</p>
<p>Heb je niet om een code gevraagd? Dan hoef je niets te doen. Zonder deze code komt niemand binnen.</p>`),
	English: notice("Your login code for {organisation.name}", `<p>With this code you log in to the client portal of {organisation.name}:</p>
<h2>{code.digits}</h2>
<p>Type it on the page where you asked for it. It works once, until {code.until}.</p>
<p><strong>Never pass this code on.</strong> Not to somebody who says they are from {organisation.name} either: we never ask for it.</p>
<p>Did you not ask for a code? Then there is nothing you need to do. Without this code nobody gets in.</p>`),
}

// StepUpCode is the mail that carries a code for somebody who is signed in, and who wants something that has to be sure.
func StepUpCode(s Style) *Template { return stepUpCode[s] }

// StepUpCodeWhy says at the foot of that mail why it was sent.
func StepUpCodeWhy(s Style) string {
	return map[Style]string{
		Formal:   "U ontvangt deze mail omdat er op het klantportaal om een code is gevraagd.",
		Informal: "Je krijgt deze mail omdat er op het klantportaal om een code is gevraagd.",
		English:  "You get this mail because a code was asked for in the client portal.",
	}[s]
}

var stepUpCode = map[Style]*Template{
	Formal: notice("Uw bevestigingscode voor {organisation.name}", `<p>U bent ingelogd op het klantportaal van {organisation.name} en doet daar iets belangrijks. Met deze code bevestigt u dat u het bent:</p>
<h2>{code.digits}</h2>
<p>Typ hem over op de pagina waar u erom vroeg. Hij werkt één keer, tot {code.until}.</p>
<p><strong>Geef deze code nooit door.</strong> Ook niet aan iemand die zegt dat hij van {organisation.name} is: wij vragen er nooit om.</p>
<p>Bent u dit niet? Dan is er iemand anders ingelogd met uw gegevens. Neem direct contact op met {organisation.name}.</p>`),
	Informal: notice("Je bevestigingscode voor {organisation.name}", `<p>Je bent ingelogd op het klantportaal van {organisation.name} en doet daar iets belangrijks. Met deze code bevestig je dat jij het bent:</p>
<h2>{code.digits}</h2>
<p>Typ hem over op de pagina waar je erom vroeg. Hij werkt één keer, tot {code.until}.</p>
<p><strong>Geef deze code nooit door.</strong> Ook niet aan iemand die zegt dat hij van {organisation.name} is: wij vragen er nooit om.</p>
<p>Ben jij dit niet? Dan is er iemand anders ingelogd met jouw gegevens. Neem direct contact op met {organisation.name}.</p>`),
	English: notice("Your confirmation code for {organisation.name}", `<p>You are logged in to the client portal of {organisation.name} and are doing something important there. With this code you confirm that it is you:</p>
<h2>{code.digits}</h2>
<p>Type it on the page where you asked for it. It works once, until {code.until}.</p>
<p><strong>Never pass this code on.</strong> Not to somebody who says they are from {organisation.name} either: we never ask for it.</p>
<p>Is this not you? Then somebody else is logged in as you. Contact {organisation.name} at once.</p>`),
}
