package seed

import "github.com/google/uuid"

// totpPlace is what binds an employee's sealed secret to its row; package signin opens it with the same words.
func totpPlace(employee uuid.UUID) string { return "employee.totp:" + employee.String() }

// blobKey is where the bytes of a document's first version stand.
func blobKey(organisation, document uuid.UUID) string {
	return organisation.String() + "/documents/" + document.String() + "/1"
}
