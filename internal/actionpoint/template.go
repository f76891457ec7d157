package actionpoint

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/db"
	"voordeur/internal/dossier"
)

// usual is what a Dutch advisory office asks for most, per kind of product; the empty kind goes for all. The sentences address
// nobody, so that they fit a formal office and an informal one.
var usual = []struct {
	kind               dossier.ProductKind
	title, explanation string
}{
	{"", "Kopie legitimatie", "Paspoort of identiteitskaart, voor- en achterkant. Het burgerservicenummer mag leesbaar zijn."},
	{"", "Bankafschriften", "Van alle betaal- en spaarrekeningen, over de laatste drie maanden. Een pdf uit internetbankieren is het beste."},

	{dossier.Mortgage, "Loonstrook", "De meest recente loonstrook, niet ouder dan twee maanden."},
	{dossier.Mortgage, "Werkgeversverklaring", "Ingevuld en ondertekend door de werkgever, niet ouder dan drie maanden."},
	{dossier.Mortgage, "Jaaropgave", "De jaaropgave van het afgelopen kalenderjaar, van iedere werkgever."},
	{dossier.Mortgage, "Pensioenoverzicht", "Het overzicht van mijnpensioenoverzicht.nl, als pdf."},
	{dossier.Mortgage, "Koopovereenkomst", "Alle bladzijden, getekend door koper en verkoper."},
	{dossier.Mortgage, "Taxatierapport", "Gevalideerd en niet ouder dan zes maanden."},
	{dossier.Mortgage, "Overzicht huidige hypotheek", "Het meest recente jaaroverzicht of saldo-overzicht van de geldverstrekker."},
	{dossier.Mortgage, "Overzicht leningen en verplichtingen", "Bijvoorbeeld studieschuld, persoonlijke lening, private lease of alimentatie."},
	{dossier.Mortgage, "Echtscheidingsconvenant", "Met de beschikking van de rechtbank en het bewijs van inschrijving."},
	{dossier.Mortgage, "Verklaring studieschuld", "De actuele stand van de schuld bij DUO."},

	{dossier.HomeInsurance, "Huidige polis woonverzekering", "Het polisblad van de opstal- en inboedelverzekering."},
	{dossier.HomeInsurance, "Foto's van de woning", "Van de voorkant, de achterkant en het dak."},
	{dossier.HomeInsurance, "Schadeverleden", "Het overzicht van schades in de afgelopen vijf jaar."},

	{dossier.LifeInsurance, "Huidige polis overlijdensrisicoverzekering", "Het meest recente polisblad, met de verzekerde bedragen."},
	{dossier.LifeInsurance, "Begunstiging", "Wie de uitkering krijgt: naam en geboortedatum."},

	{dossier.Pension, "Pensioenoverzicht", "Het overzicht van mijnpensioenoverzicht.nl, als pdf."},
	{dossier.Pension, "Uniform pensioenoverzicht (UPO)", "Het meest recente overzicht van iedere pensioenuitvoerder."},
	{dossier.Pension, "Polis lijfrente", "Het polisblad en de laatste waardeopgave."},

	{dossier.Business, "Jaarrekening", "Van de laatste drie boekjaren, opgesteld door de accountant."},
	{dossier.Business, "Aangifte inkomstenbelasting", "Met de aanslag, over de laatste drie jaar."},
	{dossier.Business, "Uittreksel Kamer van Koophandel", "Niet ouder dan drie maanden."},
	{dossier.Business, "Huidige zakelijke polissen", "De polisbladen van de verzekeringen die het bedrijf nu heeft."},
}

// SeedTemplates gives a new office the usual action points to begin with.
func SeedTemplates(tx *db.Tx) error {
	b := &pgx.Batch{}
	QueueTemplates(b)
	return tx.Batch(b)
}

// QueueTemplates is SeedTemplates for a transaction that knows the office but did not come through the door.
func QueueTemplates(b *pgx.Batch) {
	for i, u := range usual {
		var kind *string
		if u.kind != "" {
			k := string(u.kind)
			kind = &k
		}
		b.Queue(`INSERT INTO action_point_templates (id, product_kind, title, explanation, position) VALUES ($1, $2, $3, $4, $5)`,
			uuid.Must(uuid.NewV7()), kind, u.title, u.explanation, i+1)
	}
}
