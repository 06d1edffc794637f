package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/slack-go/slack"
)

// serveVariable makes this program one of the servers below, by its name.
const serveVariable = "LOAD_SERVE"

// servers are the floors, which verify and answer and do nothing else, and what people write with the two SDKs.
var servers = map[string]http.HandlerFunc{"hmac": hmacFloor, "ed25519": ed25519Floor, "slack-go": slackGo, "discordgo": discordGo}

// serve runs one of the servers.
func serve(name string) error {
	mux := http.NewServeMux()
	for _, path := range paths {
		mux.HandleFunc("POST "+path, servers[name])
	}
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: mux, ReadHeaderTimeout: answerWithin}
	return server.ListenAndServe()
}

var (
	slashAnswer = read("answers/slack_slash.json")
	formAnswer  = read("answers/discord_form.json")
)

func refuse(w http.ResponseWriter) { http.Error(w, "not signed", http.StatusUnauthorized) }

func write(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// hmacFloor answers a command with words, and anything else with nothing.
func hmacFloor(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	stamp := r.Header.Get("X-Slack-Request-Timestamp")
	at, err2 := strconv.ParseInt(stamp, 10, 64)
	mac := hmac.New(sha256.New, slackSecret)
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	signature := "v0=" + hex.EncodeToString(mac.Sum(nil))
	if err != nil || err2 != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute || !hmac.Equal([]byte(signature), []byte(r.Header.Get("X-Slack-Signature"))) {
		refuse(w)
		return
	}
	if len(body) < 8 || string(body[:8]) != "payload=" {
		write(w, slashAnswer)
	}
}

// ed25519Floor answers with a form, or what little else a kind calls for.
func ed25519Floor(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	signature, err2 := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	message := append([]byte(r.Header.Get("X-Signature-Timestamp")), body...)
	if err != nil || err2 != nil || !ed25519.Verify(discordKey.Public().(ed25519.PublicKey), message, signature) {
		refuse(w)
		return
	}
	var i struct {
		Type int `json:"type"`
		Data struct {
			ID string `json:"custom_id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &i); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	write(w, discordAnswer(i.Type, i.Data.ID))
}

// discordAnswer is what a server without any logic answers.
func discordAnswer(kind int, id string) []byte {
	switch {
	case kind == int(discordgo.InteractionModalSubmit):
		return []byte(`{"type":4,"data":{"content":"Thank you.","flags":64}}`)
	case kind == int(discordgo.InteractionMessageComponent) && id != "create-community":
		return []byte(`{"type":6}`)
	}
	return formAnswer
}

// slackGo is what slack-go's examples do.
func slackGo(w http.ResponseWriter, r *http.Request) {
	verifier, err := slack.NewSecretsVerifier(r.Header, string(slackSecret))
	if err != nil {
		refuse(w)
		return
	}
	r.Body = io.NopCloser(io.TeeReader(r.Body, &verifier))
	command, err := slack.SlashCommandParse(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if verifier.Ensure() != nil {
		refuse(w)
		return
	}
	if command.Command != "" {
		write(w, slashAnswer)
		return
	}
	var i slack.InteractionCallback
	if err := json.Unmarshal([]byte(r.PostForm.Get("payload")), &i); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if i.Type != slack.InteractionTypeBlockActions && i.Type != slack.InteractionTypeViewSubmission {
		http.Error(w, fmt.Sprint("a payload of type ", i.Type), http.StatusBadRequest)
	}
}

// discordGo is what discordgo offers for interactions over HTTP.
func discordGo(w http.ResponseWriter, r *http.Request) {
	if !discordgo.VerifyInteraction(r, discordKey.Public().(ed25519.PublicKey)) {
		refuse(w)
		return
	}
	var i discordgo.Interaction
	if err := json.NewDecoder(r.Body).Decode(&i); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id := ""
	if i.Type == discordgo.InteractionMessageComponent {
		id = i.MessageComponentData().CustomID
	}
	write(w, discordAnswer(int(i.Type), id))
}
