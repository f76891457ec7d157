package actionpoint

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/dossier"
)

// Usual is something that offices ask for often.
type Usual struct {
	Kind               dossier.ProductKind // empty: whatever the product
	Title, Explanation string
}

// usual is what a Dutch advisory office asks for most, per kind of product. The sentences address nobody, so that they fit a formal
// office and an informal one.
var usual = []Usual{
	{"", "Kopie legitimatie", "Paspoort of identiteitskaart, voor- en achterkant. Maak het burgerservicenummer onleesbaar, bijvoorbeeld met de app KopieID."},
	{"", "Bankafschriften", "Van alle betaal- en spaarrekeningen, over de laatste drie maanden. Een pdf uit internetbankieren is het beste."},

	{dossier.Mortgage, "Loonstrook", "De loonstrook van de laatste maand, alle bladzijden. Meestal te vinden in het portaal van de werkgever."},
	{dossier.Mortgage, "Werkgeversverklaring", "Door de werkgever ingevuld en ondertekend, niet ouder dan drie maanden."},
	{dossier.Mortgage, "Koopovereenkomst", "De overeenkomst die koper en verkoper hebben getekend, met alle bijlagen."},
	{dossier.Mortgage, "Taxatierapport", "Het rapport van de taxateur, gevalideerd en niet ouder dan zes maanden."},
	{dossier.Mortgage, "Bankafschrift spaargeld", "Een afschrift met naam, rekeningnummer en saldo."},
	{dossier.Mortgage, "Jaaropgaaf", "De jaaropgaaf van het afgelopen kalenderjaar, van iedere werkgever."},
	{dossier.Mortgage, "Overzicht studieschuld", "De stand van de studieschuld. Staat er niets meer open, dan graag het bericht daarover."},
	{dossier.Mortgage, "Verzekeringsbericht UWV", "Te downloaden bij het UWV, met alle jaren."},
	{dossier.Mortgage, "Pensioenoverzicht", "Het overzicht van mijnpensioenoverzicht.nl, als pdf."},
	{dossier.Mortgage, "Overzicht huidige hypotheek", "Het meest recente jaaroverzicht of saldo-overzicht van de geldverstrekker."},
	{dossier.Mortgage, "Overzicht leningen en verplichtingen", "Bijvoorbeeld persoonlijke lening, private lease of alimentatie."},
	{dossier.Mortgage, "Echtscheidingsconvenant", "Met de beschikking van de rechtbank en het bewijs van inschrijving."},

	{dossier.HomeInsurance, "Huidige polis", "De polis van de verzekering die er nu is, van opstal en inboedel."},
	{dossier.HomeInsurance, "Inboedelwaarde", "Een ingevulde inboedelmeter, of een lijst met wat alles ongeveer waard is."},
	{dossier.HomeInsurance, "Foto's van de woning", "De voorkant, de achterkant en de keuken. Een foto per ruimte is genoeg."},
	{dossier.HomeInsurance, "Schadeverleden", "Het overzicht van schades in de afgelopen vijf jaar."},

	{dossier.LifeInsurance, "Gezondheidsverklaring", "Het formulier van de verzekeraar, ingevuld en ondertekend."},
	{dossier.LifeInsurance, "Bestaande polis", "De polis van een verzekering bij overlijden die er al is, met de verzekerde bedragen."},
	{dossier.LifeInsurance, "Begunstiging", "Wie de uitkering krijgt: naam en geboortedatum."},

	{dossier.Pension, "Uniform pensioenoverzicht", "Het overzicht van dit jaar, van iedere pensioenuitvoerder één."},
	{dossier.Pension, "Loonstrook", "De loonstrook van de laatste maand, alle bladzijden."},
	{dossier.Pension, "Jaaropgaaf", "De jaaropgaaf van het afgelopen jaar."},
	{dossier.Pension, "Polis lijfrente", "Het polisblad en de laatste waardeopgave."},

	{dossier.Business, "Uittreksel handelsregister", "Niet ouder dan drie maanden."},
	{dossier.Business, "Jaarcijfers", "Balans en winst- en verliesrekening van de laatste drie jaar."},
	{dossier.Business, "Lijst van voertuigen", "Kenteken, merk en bouwjaar van ieder voertuig."},
	{dossier.Business, "Polisblad aansprakelijkheid", "Het polisblad van de verzekering die er nu is."},
	{dossier.Business, "Aangifte inkomstenbelasting", "Met de aanslag, over de laatste drie jaar."},

	{dossier.Other, "Toelichting", "In een kort stuk: wat moet er geregeld worden?"},
}

// UsualFor returns what is asked for a kind of product; not what goes for all of them.
func UsualFor(kind dossier.ProductKind) []Usual {
	var of []Usual
	for _, u := range usual {
		if u.Kind == kind {
			of = append(of, u)
		}
	}
	return of
}

// QueueTemplates gives a new office the usual action points to begin with, in a transaction that knows the office.
func QueueTemplates(b *pgx.Batch) {
	for i, u := range usual {
		var kind *string
		if u.Kind != "" {
			k := string(u.Kind)
			kind = &k
		}
		b.Queue(`INSERT INTO action_point_templates (id, product_kind, title, explanation, position) VALUES ($1, $2, $3, $4, $5)`,
			uuid.Must(uuid.NewV7()), kind, u.Title, u.Explanation, i+1)
	}
}

// First is what is asked in a dossier to try the portal with: the first few of what is usual.
func First(kind dossier.ProductKind) []dossier.Question {
	const few = 3
	product := 0
	var asked []dossier.Question
	for _, u := range UsualFor(kind)[:few] {
		asked = append(asked, dossier.Question{ProductIndex: &product, Title: u.Title, Explanation: u.Explanation})
	}
	return asked
}
