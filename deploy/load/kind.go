package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// The platforms.
const (
	slackPlatform   = "slack"
	discordPlatform = "discord"
)

// slackSecret and discordKey sign requests, and every server is given them.
var (
	slackSecret = []byte("load-signing-secret")
	discordKey  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
)

// kind is something that people do, as a platform sends it.
type kind struct {
	name     string
	platform string
	body     template
	want     []byte // stands in a right answer; nil: the answer is empty
}

// kinds are all of them, by platform in the order in which they are measured.
var kinds = map[string][]kind{
	slackPlatform: {
		{"slash", slackPlatform, slash("communities", "help"), []byte("/communities list")},
		{"slash with form", slackPlatform, slash("create-community", ""), nil},
		{"submission", slackPlatform, payload(read("requests/slack_submission.json")), nil},
		{"button", slackPlatform, payload(read("requests/slack_button.json")), nil},
	},
	discordPlatform: {
		{"command", discordPlatform, parse(read("requests/discord_command.json"), plain), []byte(`"type":9,`)},
		{"component", discordPlatform, component("create-community"), []byte(`"type":9,`)},
		{"submission", discordPlatform, parse(read("requests/discord_modal.json"), plain), []byte(`"type":4,`)},
		{"button", discordPlatform, component(`approve?id={{id}}\u0026v=1`), []byte(`"type":6`)},
	},
}

// kindOf returns the kind of that name.
func kindOf(platform, name string) kind {
	for _, k := range kinds[platform] {
		if k.name == name {
			return k
		}
	}
	panic("no kind " + name) // a mistake in this package
}

// slash is a typed command of Slack's.
func slash(command, text string) template {
	return parse([]byte("api_app_id=ACOMMUNITYBOT&channel_id=C0000001&channel_name=general&command=%2F"+command+"&is_enterprise_install=false"+
		"&response_url=https%3A%2F%2Fhooks.slack.com%2Fhooks%2Fcommands%2FT0FAKE%2Funused-{{n}}&team_domain=fake&team_id=T0FAKE&text="+text+
		"&token=unused&trigger_id={{n}}.1.QXPYJADDUSGO&user_id=U{{user}}&user_name=ada"), plain)
}

// component is a pressed button of Discord's.
func component(call string) template {
	return parse(bytes.Replace(read("requests/discord_button.json"), []byte("{{call}}"), []byte(call), 1), plain)
}

// paths are where requests go.
var paths = map[string]string{slackPlatform: "/slack/events", discordPlatform: "/discord/interactions"}

// signed returns the request with number n as it goes over the wire, built in b. It is signed now.
func (k kind) signed(b []byte, n int) []byte {
	body := k.body.fill(nil, n)
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	contentType, header := "application/json", ""
	switch k.platform {
	case slackPlatform:
		contentType = "application/x-www-form-urlencoded"
		mac := hmac.New(sha256.New, slackSecret)
		mac.Write([]byte("v0:" + stamp + ":"))
		mac.Write(body)
		header = "X-Slack-Request-Timestamp: " + stamp + "\r\nX-Slack-Signature: v0=" + hex.EncodeToString(mac.Sum(nil))
	case discordPlatform:
		signature := ed25519.Sign(discordKey, append([]byte(stamp), body...))
		header = "X-Signature-Timestamp: " + stamp + "\r\nX-Signature-Ed25519: " + hex.EncodeToString(signature)
	}
	b = fmt.Appendf(b[:0], "POST %s HTTP/1.1\r\nHost: bot\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n\r\n", paths[k.platform], contentType, len(body), header)
	return append(b, body...)
}

// tampered is a request with another body than the one that was signed.
func (k kind) tampered() []byte {
	b := k.signed(nil, 1)
	b[len(b)-1] ^= 1
	return b
}

// check returns an error unless an answer is right.
func (k kind) check(status int, body []byte) error {
	if status == 200 && (k.want == nil && len(body) == 0 || k.want != nil && bytes.Contains(body, k.want)) {
		return nil
	}
	return fmt.Errorf("%s %s is answered %d %.300q, want 200 with %q", k.platform, k.name, status, body, k.want)
}
