package schema_test

import (
	"testing"

	"voordeur/internal/actionpoint"
	"voordeur/internal/client"
	"voordeur/internal/dbtest"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/employee"
	"voordeur/internal/member"
)

func TestModelsAgreeWithTheTables(t *testing.T) {
	t.Parallel()
	_, root := dbtest.New(t)
	dbtest.CheckModels(t, root,
		&actionpoint.ActionPoint{}, &actionpoint.Submission{}, &actionpoint.Template{}, &client.Client{}, &client.Contact{},
		&document.Document{}, &document.Version{}, &document.Upload{}, &dossier.Dossier{}, &dossier.Applicant{}, &dossier.Product{},
		&employee.Employee{}, &member.Member{})
}
