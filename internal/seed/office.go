package seed

import "voordeur/internal/dossier"

// office is one of the two offices of the demo: everything about it that is not worked out.
type office struct {
	slug, name, tagline, colour, address string
	welcomeTitle, welcomeText            string
	email, phone, hours                  string
	employees                            []colleague
	password                             string // of its customers
	dossiers                             []file
}

type colleague struct {
	first, last, role, title, email, phone string
}

type person struct {
	first, last, salutation string
	email                   string // empty: none known
	username                string // empty: the e-mail address
}

// file is one dossier of the demo.
type file struct {
	number   int
	client   string
	kind     string // of the client
	test     bool
	people   []person
	subject  string
	phase    dossier.Phase
	portal   dossier.PortalState
	handler  bool
	closed   bool
	dueIn    int // days; 0: no date
	quietFor int // minutes since the last thing happened
	products []item
}

// item is one product with its action points, a letter each:
// o open, s submitted, a approved, r asked again, t asked again and submitted, x rejected, c cancelled.
type item struct {
	kind   dossier.ProductKind
	name   string
	status dossier.ProductStatus
	points string
	facts  []dossier.Fact
}

const (
	hour = 60
	day  = 24 * hour
)

func mortgage(status dossier.ProductStatus, points string, facts ...dossier.Fact) item {
	return item{dossier.Mortgage, "Hypotheek", status, points, facts}
}

func home(status dossier.ProductStatus, points string) item {
	return item{dossier.HomeInsurance, "Woonverzekering", status, points, nil}
}

func life(status dossier.ProductStatus, points string) item {
	return item{dossier.LifeInsurance, "Overlijdensrisico", status, points, nil}
}

func pension(status dossier.ProductStatus, points string) item {
	return item{dossier.Pension, "Pensioen", status, points, nil}
}

func business(status dossier.ProductStatus, points string) item {
	return item{dossier.Business, "Zakelijk pakket", status, points, nil}
}

func fact(label, value string) dossier.Fact { return dossier.Fact{Label: label, Value: value} }

// offices is the whole demo.
//
//nolint:gosec // the passwords in it are printed at every start of the demo
var offices = []office{
	{
		slug: "brugwachter", name: "Brugwachter", tagline: "Hypotheken en verzekeringen", colour: "#2b4a9b", address: "informal",
		welcomeTitle: "Alles over je huis, achter één deur.",
		welcomeText:  "Je hypotheek, je verzekeringen en de mensen die je helpen. Veilig, en alleen voor jou.",
		email:        "post@brugwachter.example", phone: "0570 00 12 34", hours: "Maandag tot en met vrijdag, 9.00 tot 17.30 uur",
		password: "kersenlaan-24-zutphen",
		employees: []colleague{
			{"Sanne", "Verhulst", "adviser", "Hypotheekadviseur", "sanne@brugwachter.example", "0570 00 12 36"},
			{"Daan", "Okkerse", "back_office", "Dossierbehandelaar", "daan@brugwachter.example", "0570 00 12 37"},
			{"Mirjam", "Hoekstra", "admin", "Kantoorleider", "mirjam@brugwachter.example", "0570 00 12 35"},
			{"Joost", "Bakema", "viewer", "Stagiair", "joost@brugwachter.example", "0570 00 12 38"},
		},
		dossiers: []file{
			{
				number: 1, client: "Testklant Brugwachter", kind: "person", test: true, people: []person{{"Sanne", "Test", "mevrouw Test", "sanne+klant@brugwachter.example", "testklant"}},
				subject: "het portaal uitproberen", phase: dossier.Intake, portal: dossier.PortalActive, quietFor: 3 * day, products: []item{mortgage(dossier.Preparing, "ooo")},
			},
			{number: 418, client: "De Wit en Timmer", kind: "household", people: []person{
				{"Eva", "de Wit", "mevrouw De Wit", "eva.dewit@post.example", "eva.dewit"}, {"Ruben", "Timmer", "meneer Timmer", "", "ruben.timmer"},
			}, subject: "de hypotheek voor de Kersenlaan", phase: dossier.Application, portal: dossier.PortalActive, handler: true, dueIn: 21, quietFor: 8, products: []item{
				mortgage(dossier.Requested, "raasaoaa", fact("Koopsom", "€ 412.500"), fact("Hypotheek", "€ 385.000"), fact("Rentevast", "10 jaar")), home(dossier.Preparing, "aos"),
			}},
			{number: 407, client: "El Amrani", kind: "household", people: []person{
				{"Yasmina", "El Amrani", "mevrouw El Amrani", "yasmina@post.example", ""}, {"Karim", "El Amrani", "meneer El Amrani", "karim@post.example", ""},
			}, subject: "de hypotheek voor de Molenstraat", phase: dossier.Advice, portal: dossier.PortalActive, handler: true, dueIn: 20, quietFor: 31, products: []item{mortgage(dossier.Preparing, "assaao")}},
			{
				number: 399, client: "Oosterhuis", kind: "person", people: []person{{"Petra", "Oosterhuis", "mevrouw Oosterhuis", "petra.oosterhuis@post.example", ""}},
				subject: "de hypotheek voor de Havenkade", phase: dossier.Application, portal: dossier.PortalActive, handler: true, dueIn: 26, quietFor: 2 * hour,
				products: []item{mortgage(dossier.Requested, "aaaasa"), life(dossier.Requested, "ts")},
			},
			{
				number: 388, client: "Van den Broek", kind: "household", people: []person{
					{"Hans", "van den Broek", "meneer Van den Broek", "familie@vandenbroek.example", ""}, {"Ineke", "van den Broek", "mevrouw Van den Broek", "familie@vandenbroek.example", "ineke.vandenbroek"},
				}, subject: "de hypotheek oversluiten", phase: dossier.Collecting, portal: dossier.PortalActive, dueIn: 31, quietFor: 20 * hour,
				products: []item{{dossier.Mortgage, "Oversluiten", dossier.Preparing, "asox", nil}},
			},
			{
				number: 371, client: "Yılmaz en Kramer", kind: "household", people: []person{
					{"Deniz", "Yılmaz", "Deniz Yılmaz", "deniz@post.example", ""}, {"Sofie", "Kramer", "mevrouw Kramer", "sofie.kramer@post.example", ""},
				}, subject: "de hypotheek voor de Zaagmolen", phase: dossier.Notary, portal: dossier.PortalActive, handler: true, dueIn: 18, quietFor: 26 * hour,
				products: []item{mortgage(dossier.Accepted, "aaaaasa")},
			},
			{
				number: 415, client: "Santos Pereira", kind: "household", people: []person{
					{"Luis", "Santos Pereira", "meneer Santos Pereira", "luis.santos@post.example", ""}, {"Marta", "Pereira", "mevrouw Pereira", "", "marta.pereira"},
				}, subject: "het eerste huis", phase: dossier.Collecting, portal: dossier.PortalInvited, handler: true, dueIn: 28, quietFor: 20 * hour,
				products: []item{mortgage(dossier.Preparing, "ooooo"), home(dossier.Preparing, "oo")},
			},
			{
				number: 409, client: "Wierda", kind: "person", people: []person{{"Jelle", "Wierda", "meneer Wierda", "jelle.wierda@post.example", ""}},
				subject: "de verzekering van de woonboot", phase: dossier.Collecting, portal: dossier.PortalActive, dueIn: -2, quietFor: 3 * day, products: []item{home(dossier.Requested, "aro")},
			},
			{number: 402, client: "Chen en Bakker", kind: "household", people: []person{
				{"Mei", "Chen", "mevrouw Chen", "mei.chen@post.example", ""}, {"Thijs", "Bakker", "meneer Bakker", "thijs.bakker@post.example", ""},
			}, subject: "de hypotheek voor de Spoorlaan", phase: dossier.Advice, portal: dossier.PortalActive, handler: true, dueIn: 31, quietFor: 4 * day, products: []item{mortgage(dossier.Preparing, "aaaoro")}},
			{
				number: 396, client: "Nijland", kind: "person", people: []person{{"Gerda", "Nijland", "mevrouw Nijland", "gerda.nijland@post.example", ""}},
				subject: "eerder stoppen met werken", phase: dossier.Intake, portal: dossier.PortalLinkExpired, quietFor: 6 * day, products: []item{pension(dossier.Preparing, "ooo")},
			},
			{number: 390, client: "Abdi", kind: "household", people: []person{
				{"Faduma", "Abdi", "mevrouw Abdi", "faduma.abdi@post.example", ""}, {"Omar", "Abdi", "meneer Abdi", "omar.abdi@post.example", ""},
			}, subject: "de hypotheek voor de Lindelaan", phase: dossier.Application, portal: dossier.PortalActive, handler: true, dueIn: 35, quietFor: 7 * day, products: []item{mortgage(dossier.Offered, "aaaaao")}},
			{number: 367, client: "Van Rossum", kind: "household", people: []person{
				{"Bart", "van Rossum", "meneer Van Rossum", "bart.vanrossum@post.example", ""}, {"Nienke", "van Rossum", "mevrouw Van Rossum", "nienke.vanrossum@post.example", ""},
			}, subject: "de hypotheek oversluiten", phase: dossier.Application, portal: dossier.PortalActive, dueIn: 38, quietFor: 8 * day, products: []item{{dossier.Mortgage, "Oversluiten", dossier.Requested, "aaarc", nil}}},
			{
				number: 361, client: "Schut Loodgieters", kind: "company", people: []person{{"Erik", "Schut", "meneer Schut", "erik@schutloodgieters.example", ""}},
				subject: "het pakket voor het bedrijf", phase: dossier.Advice, portal: dossier.PortalActive, handler: true, quietFor: 9 * day, products: []item{business(dossier.Preparing, "aaaa")},
			},
			{number: 355, client: "Dijkgraaf", kind: "household", people: []person{
				{"Anneke", "Dijkgraaf", "mevrouw Dijkgraaf", "anneke.dijkgraaf@post.example", ""}, {"Pieter", "Dijkgraaf", "meneer Dijkgraaf", "pieter.dijkgraaf@post.example", ""},
			}, subject: "de hypotheek voor de Dorpsweg", phase: dossier.Notary, portal: dossier.PortalActive, handler: true, dueIn: 19, quietFor: 10 * day, products: []item{mortgage(dossier.Accepted, "aaaaaaa")}},
			{
				number: 348, client: "Terpstra", kind: "person", people: []person{{"Wytske", "Terpstra", "mevrouw Terpstra", "wytske.terpstra@post.example", ""}},
				subject: "de hypotheek voor de Terpweg", phase: dossier.Advice, portal: dossier.PortalNone, quietFor: 11 * day, products: []item{mortgage(dossier.Preparing, "oo"), life(dossier.Preparing, "o")},
			},
			{
				number: 341, client: "De Haan", kind: "person", people: []person{{"Koen", "de Haan", "meneer De Haan", "koen.dehaan@post.example", ""}},
				subject: "een huis kopen in 2027", phase: dossier.Intake, portal: dossier.PortalNone, quietFor: 13 * day,
			},
			{number: 336, client: "Vermeulen en Smit", kind: "household", people: []person{
				{"Lotte", "Vermeulen", "mevrouw Vermeulen", "lotte.vermeulen@post.example", ""}, {"Jasper", "Smit", "meneer Smit", "jasper.smit@post.example", ""},
			}, subject: "de hypotheek voor de Parkzicht", phase: dossier.Notary, portal: dossier.PortalActive, closed: true, quietFor: 20 * day, products: []item{mortgage(dossier.Final, "aaaaa"), home(dossier.Final, "aa")}},
			{
				number: 329, client: "Bouwbedrijf Kuipers", kind: "company", people: []person{{"Rita", "Kuipers", "mevrouw Kuipers", "rita@kuipersbouw.example", ""}},
				subject: "de bedrijfsschadeverzekering", phase: dossier.Collecting, portal: dossier.PortalActive, handler: true, dueIn: 5, quietFor: 15 * hour, products: []item{business(dossier.Requested, "sosa")},
			},
			{
				number: 322, client: "Jansen", kind: "person", people: []person{{"Truus", "Jansen", "mevrouw Jansen", "truus.jansen@post.example", ""}},
				subject: "de woonverzekering nakijken", phase: dossier.Advice, portal: dossier.PortalActive, dueIn: 4, quietFor: 5 * day, products: []item{home(dossier.Offered, "asc")},
			},
			{number: 317, client: "Ramdin", kind: "household", people: []person{
				{"Anil", "Ramdin", "meneer Ramdin", "anil.ramdin@post.example", ""}, {"Priya", "Ramdin", "mevrouw Ramdin", "priya.ramdin@post.example", ""},
			}, subject: "de verbouwing van de zolder", phase: dossier.Collecting, portal: dossier.PortalInvited, dueIn: 12, quietFor: 15 * hour, products: []item{mortgage(dossier.Preparing, "ooo")}},
			{
				number: 309, client: "Groeneveld", kind: "person", people: []person{{"Sjoerd", "Groeneveld", "meneer Groeneveld", "sjoerd.groeneveld@post.example", ""}},
				subject: "de hypotheek voor de Weideweg", phase: dossier.Application, portal: dossier.PortalActive, handler: true, dueIn: 9, quietFor: 6 * hour, products: []item{mortgage(dossier.Requested, "aataos")},
			},
			{
				number: 301, client: "Van Dalen", kind: "person", people: []person{{"Ilse", "van Dalen", "mevrouw Van Dalen", "ilse.vandalen@post.example", ""}},
				subject: "de overwaarde benutten", phase: dossier.Intake, portal: dossier.PortalLinkExpired, quietFor: 17 * day, products: []item{mortgage(dossier.Preparing, "oo")},
			},
			{number: 294, client: "Peeters", kind: "household", people: []person{
				{"Marc", "Peeters", "meneer Peeters", "marc.peeters@post.example", ""}, {"Ellen", "Peeters", "mevrouw Peeters", "", "ellen.peeters"},
			}, subject: "de hypotheek voor de Grensstraat", phase: dossier.Notary, portal: dossier.PortalActive, closed: true, quietFor: 40 * day, products: []item{mortgage(dossier.Final, "aaaaaa")}},
			{
				number: 288, client: "Osei", kind: "person", people: []person{{"Kwame", "Osei", "meneer Osei", "kwame.osei@post.example", ""}},
				subject: "de startershypotheek", phase: dossier.Collecting, portal: dossier.PortalActive, handler: true, dueIn: 14, quietFor: 3 * hour, products: []item{mortgage(dossier.Preparing, "sssoo")},
			},
			{number: 281, client: "Kooistra", kind: "household", people: []person{
				{"Fenna", "Kooistra", "mevrouw Kooistra", "fenna.kooistra@post.example", ""}, {"Auke", "Kooistra", "meneer Kooistra", "auke.kooistra@post.example", ""},
			}, subject: "de verzekering van de boerderij", phase: dossier.Advice, portal: dossier.PortalActive, dueIn: 24, quietFor: 12 * day, products: []item{home(dossier.Offered, "aar")}},
			{
				number: 274, client: "Hofman", kind: "person", people: []person{{"Bas", "Hofman", "meneer Hofman", "bas.hofman@post.example", ""}},
				subject: "de hypotheek na de scheiding", phase: dossier.Intake, portal: dossier.PortalActive, dueIn: 6, quietFor: 50, products: []item{mortgage(dossier.Preparing, "rroo")},
			},
		},
	},
	{
		slug: "lindenhof", name: "Lindenhof Advies", tagline: "Pensioen, zekerheid en vermogen", colour: "#6b3f8f", address: "formal",
		welcomeTitle: "Uw zaken, rustig bij elkaar.",
		welcomeText:  "Wat wij voor u regelen en wat wij van u nodig hebben, op één plek. Veilig, en alleen voor u.",
		email:        "kantoor@lindenhof.example", phone: "0575 00 43 21", hours: "Maandag tot en met donderdag, 8.30 tot 17.00 uur",
		password: "lindelaan-12-deventer",
		employees: []colleague{
			{"Aleida", "Vreeland", "adviser", "Pensioenadviseur", "aleida@lindenhof.example", "0575 00 43 23"},
			{"Tom", "Reinders", "back_office", "Binnendienst", "tom@lindenhof.example", "0575 00 43 24"},
			{"Willem", "Lindeboom", "admin", "Directeur", "willem@lindenhof.example", "0575 00 43 22"},
			{"Els", "Jansma", "viewer", "Compliance", "els@lindenhof.example", "0575 00 43 25"},
		},
		dossiers: []file{
			{
				number: 1, client: "Testklant Lindenhof", kind: "person", test: true, people: []person{{"Aleida", "Test", "mevrouw Test", "aleida+klant@lindenhof.example", "testklant"}},
				subject: "het portaal uitproberen", phase: dossier.Intake, portal: dossier.PortalActive, quietFor: 3 * day, products: []item{pension(dossier.Preparing, "ooo")},
			},
			{number: 112, client: "Van Heemstra", kind: "household", people: []person{
				{"Constance", "van Heemstra", "mevrouw Van Heemstra", "constance@heemstra.example", "c.vanheemstra"}, {"Floris", "van Heemstra", "de heer Van Heemstra", "", "f.vanheemstra"},
			}, subject: "het pensioen en de nalatenschap", phase: dossier.Advice, portal: dossier.PortalActive, handler: true, dueIn: 16, quietFor: 40, products: []item{pension(dossier.Requested, "asr"), life(dossier.Preparing, "os")}},
			{
				number: 109, client: "De Boer Installatietechniek", kind: "company", people: []person{{"Marloes", "de Boer", "mevrouw De Boer", "marloes@deboertechniek.example", ""}},
				subject: "de pensioenregeling van het personeel", phase: dossier.Collecting, portal: dossier.PortalActive, handler: true, dueIn: 22, quietFor: 4 * hour, products: []item{business(dossier.Preparing, "asoo"), pension(dossier.Preparing, "s")},
			},
			{
				number: 104, client: "Kalkman", kind: "person", people: []person{{"Roelof", "Kalkman", "de heer Kalkman", "roelof.kalkman@post.example", ""}},
				subject: "het pensioen na een leven werken", phase: dossier.Application, portal: dossier.PortalActive, dueIn: 11, quietFor: 1 * day, products: []item{pension(dossier.Offered, "aat")},
			},
			{number: 101, client: "Visser en Postma", kind: "household", people: []person{
				{"Grietje", "Visser", "mevrouw Visser", "grietje.visser@post.example", ""}, {"Harm", "Postma", "de heer Postma", "harm.postma@post.example", ""},
			}, subject: "de zekerheid voor het gezin", phase: dossier.Intake, portal: dossier.PortalInvited, handler: true, quietFor: 22 * hour, products: []item{life(dossier.Preparing, "oo")}},
			{
				number: 97, client: "Sluijters", kind: "person", people: []person{{"Henriëtte", "Sluijters", "mevrouw Sluijters", "h.sluijters@post.example", ""}},
				subject: "de lijfrente", phase: dossier.Intake, portal: dossier.PortalLinkExpired, quietFor: 5 * day, products: []item{pension(dossier.Preparing, "oo")},
			},
			{
				number: 93, client: "Notariskantoor Ploeg", kind: "company", people: []person{{"Jan", "Ploeg", "de heer Ploeg", "j.ploeg@ploegnotaris.example", ""}},
				subject: "de beroepsaansprakelijkheid", phase: dossier.Application, portal: dossier.PortalActive, handler: true, dueIn: 3, quietFor: 6 * hour, products: []item{business(dossier.Requested, "aaso")},
			},
			{number: 88, client: "Ten Brinke", kind: "household", people: []person{
				{"Dirk", "ten Brinke", "de heer Ten Brinke", "dirk.tenbrinke@post.example", ""}, {"Joke", "ten Brinke", "mevrouw Ten Brinke", "joke.tenbrinke@post.example", ""},
			}, subject: "het vermogen en de kinderen", phase: dossier.Advice, portal: dossier.PortalActive, dueIn: 30, quietFor: 9 * day, products: []item{pension(dossier.Requested, "aao"), life(dossier.Requested, "ar")}},
			{
				number: 81, client: "Moerdijk", kind: "person", people: []person{{"Saskia", "Moerdijk", "mevrouw Moerdijk", "saskia.moerdijk@post.example", ""}},
				subject: "minder werken vanaf zestig", phase: dossier.Notary, portal: dossier.PortalActive, closed: true, quietFor: 25 * day, products: []item{pension(dossier.Final, "aaa")},
			},
			{
				number: 76, client: "Akkerman", kind: "person", people: []person{{"Lieuwe", "Akkerman", "de heer Akkerman", "lieuwe.akkerman@post.example", ""}},
				subject: "een eerste gesprek", phase: dossier.Intake, portal: dossier.PortalNone, quietFor: 14 * day,
			},
			{
				number: 70, client: "Bosman en Zoon", kind: "company", people: []person{{"Cees", "Bosman", "de heer Bosman", "cees@bosmanenzoon.example", ""}},
				subject: "de opvolging in het bedrijf", phase: dossier.Collecting, portal: dossier.PortalActive, handler: true, dueIn: 45, quietFor: 11 * day, products: []item{business(dossier.Preparing, "axoc")},
			},
			{number: 64, client: "Rutgers", kind: "household", people: []person{
				{"Wilma", "Rutgers", "mevrouw Rutgers", "wilma.rutgers@post.example", ""}, {"Gerard", "Rutgers", "de heer Rutgers", "gerard.rutgers@post.example", ""},
			}, subject: "de overlijdensrisicoverzekering", phase: dossier.Application, portal: dossier.PortalActive, dueIn: 8, quietFor: 3 * day, products: []item{life(dossier.Offered, "st")}},
			{
				number: 58, client: "Haverkamp", kind: "person", people: []person{{"Nora", "Haverkamp", "mevrouw Haverkamp", "nora.haverkamp@post.example", ""}},
				subject: "de nabestaandenvoorziening", phase: dossier.Advice, portal: dossier.PortalActive, dueIn: 19, quietFor: 8 * hour, products: []item{life(dossier.Preparing, "so")},
			},
			{
				number: 51, client: "Van Zuylen", kind: "person", people: []person{{"Barend", "van Zuylen", "de heer Van Zuylen", "barend.vanzuylen@post.example", ""}},
				subject: "de lijfrente uitkeren", phase: dossier.Notary, portal: dossier.PortalActive, closed: true, quietFor: 60 * day, products: []item{pension(dossier.Final, "aa")},
			},
		},
	},
}
