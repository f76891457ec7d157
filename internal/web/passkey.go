package web

// What WebAuthn needs is the same for everybody, so these stand here and not with an audience. The names are ours: the browser's own
// call many different things an id. All bytes are base64url without padding.

// PasskeyHint is one passkey that a browser is told of.
type PasskeyHint struct {
	Credential string   `json:"credential" validate:"required"`
	Transports []string `json:"transports" validate:"required"`
}

// PasskeyHints writes down passkeys as a browser is told of them, whoever describes them in the same two fields: this package knows no other.
func PasskeyHints[K ~struct {
	Credential string
	Transports []string
}](all []K) []PasskeyHint {
	out := make([]PasskeyHint, len(all))
	for i, k := range all {
		out[i] = PasskeyHint(k)
	}
	return out
}

// PasskeyRequest is what a browser is asked to sign, within five minutes and with a passkey that checks who its owner is.
type PasskeyRequest struct {
	Challenge string `json:"challenge" validate:"required"`
	Domain    string `json:"domain" validate:"required" example:"portal.example.nl"`
	// Empty: any passkey of the domain.
	Allow []PasskeyHint `json:"allow" validate:"required"`
}

// PasskeyCreation is what a browser is asked to make: a passkey that signs in without a name and checks who its owner is.
type PasskeyCreation struct {
	Challenge   string        `json:"challenge" validate:"required"`
	Domain      string        `json:"domain" validate:"required" example:"portal.example.nl"`
	Service     string        `json:"service" validate:"required" example:"Voordeur"`
	UserHandle  string        `json:"userHandle" validate:"required"`
	UserName    string        `json:"userName" validate:"required"`
	DisplayName string        `json:"displayName" validate:"required"`
	Algorithms  []int         `json:"algorithms" validate:"required"`
	Exclude     []PasskeyHint `json:"exclude" validate:"required"`
}

// PasskeyAnswer is what a browser signed.
type PasskeyAnswer struct {
	Credential        string `json:"credential" validate:"required,max=1400" text:"exact"`
	ClientData        string `json:"clientData" validate:"required,max=4000" text:"exact"`
	AuthenticatorData string `json:"authenticatorData" validate:"required,max=4000" text:"exact"`
	Signature         string `json:"signature" validate:"required,max=4000" text:"exact"`
	UserHandle        string `json:"userHandle" validate:"max=100" text:"exact"`
}

// NewPasskey is what a browser made.
type NewPasskey struct {
	Credential  string   `json:"credential" validate:"required,max=1400" text:"exact"`
	ClientData  string   `json:"clientData" validate:"required,max=4000" text:"exact"`
	Attestation string   `json:"attestation" validate:"required,max=16000" text:"exact"`
	Transports  []string `json:"transports,omitempty" validate:"max=10,dive,oneof=usb nfc ble smart-card hybrid internal cable"`
	// Empty: what the authenticator or the browser is called.
	Name string `json:"name,omitempty" validate:"max=60" example:"Mijn telefoon"`
}

// PasskeyName is the body that gives a passkey another name.
type PasskeyName struct {
	Name string `json:"name" validate:"required,max=60" example:"Mijn telefoon"`
}
