package mailtemplate

type kind int

const (
	none     kind = iota
	text          // words: escaped
	address       // an address of ours: text, or the whole of a link's address
	fragment      // a piece of HTML of ours, with its twin in plain text
)

// registry is the list of placeholders (A4). A name that is not in it is refused when a template is saved.
var registry = map[string]kind{
	"dossier.salutation":                   text,
	"dossier.name":                         text,
	"dossier.subject":                      text,
	"dossier.links_set_password_formatted": fragment,
	"dossier.advisor_email_signature":      fragment,
	"dossier.owner_email_signature":        fragment,
	"dossier.jou_jullie":                   text,
	"dossier.je_jullie":                    text,
	"dossier.jouw_jullie":                  text,
	"dossier.kunt_kunnen":                  text,
	"dossier.vindje_vindenjullie":          text,
	"dossier.krijgje_krijgenjullie":        text,
	"dossier.mochtje_mochtenjullie":        text,
	"dossier.jeontvangt_jullieontvangen":   text,
	"special.consumerportal_url":           address,
	"organisation.name":                    text,
	"organisation.phone":                   text,
	"organisation.email":                   text,
	"member.first_name":                    text,
	"member.username":                      text,
	"link.valid_until":                     text,
	"code.digits":                          text,
	"code.until":                           text,
	"notice.at":                            text,
	"notice.device":                        text,
	"notice.due":                           text,
	"notice.stop_url":                      address,
	"employee.first_name":                  text,
	"employee.link_formatted":              fragment,
	"special.office_url":                   address,
}

// Fragment is a piece of a mail in both its forms. Its maker has escaped what it holds.
type Fragment struct{ HTML, Text string }

// Values are what the placeholders stand for in one mail.
type Values struct {
	text     map[string]string
	fragment map[string]Fragment
	colour   string
}

// NewValues returns values for a mail in the office's colour.
func NewValues(colour string) Values {
	return Values{text: map[string]string{}, fragment: map[string]Fragment{}, colour: colour}
}

// Set gives a placeholder its words.
func (v Values) Set(name, value string) { v.text[name] = value }

// SetFragment gives a placeholder a piece of HTML.
func (v Values) SetFragment(name string, f Fragment) { v.fragment[name] = f }

// SetNumber fills the forms that follow one or several readers ("je" or "jullie").
func (v Values) SetNumber(readers int) {
	pick := func(one, more string) string {
		if readers > 1 {
			return more
		}
		return one
	}
	v.Set("dossier.jou_jullie", pick("jou", "jullie"))
	v.Set("dossier.je_jullie", pick("je", "jullie"))
	v.Set("dossier.jouw_jullie", pick("jouw", "jullie"))
	v.Set("dossier.kunt_kunnen", pick("kunt", "kunnen"))
	v.Set("dossier.vindje_vindenjullie", pick("vind je", "vinden jullie"))
	v.Set("dossier.krijgje_krijgenjullie", pick("krijg je", "krijgen jullie"))
	v.Set("dossier.mochtje_mochtenjullie", pick("mocht je", "mochten jullie"))
	v.Set("dossier.jeontvangt_jullieontvangen", pick("je ontvangt", "jullie ontvangen"))
}
