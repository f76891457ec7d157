package web

// catalogue explains every fault code in the words of the apps. Title is one sentence that may be shown as it is; detail
// says what to do next, and may be empty.
var catalogue = map[string]kindText{
	"internal":    {500, Text{"Er ging bij ons iets mis.", "Something went wrong on our side."}, Text{"Probeer het zo nog eens. Blijft het misgaan, noem dan het verzoeknummer.", "Try again in a moment. If it keeps failing, mention the request number."}},
	"unavailable": {503, Text{"De dienst is even niet bereikbaar.", "The service is not available for a moment."}, Text{"Probeer het over een paar tellen nog eens.", "Try again in a few seconds."}},
}

var fieldMessages = map[string]Text{
	"required": {"Vul dit in.", "Fill this in."},
}
