package deploy_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
)

// walk visits every object in a JSON value.
func walk(v any, visit func(object)) {
	switch v := v.(type) {
	case object:
		visit(v)
		for _, inner := range v {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	}
}

// slackMarkup is all the markup that the bot uses on Slack: moments, and those who are called on purpose.
var slackMarkup = regexp.MustCompile(`<!date\^\d+\^[^<>]*>|<@U[12]>|<!subteam\^S1>`)

// checkSlack checks the text in what the bot sent to Slack, as it went over the wire.
func (d *door) checkSlack(r slackfake.Request) {
	d.t.Helper()
	inMarkup := func(where, text string) {
		if rest := slackMarkup.ReplaceAllString(text, ""); strings.ContainsAny(rest, "<>") {
			d.t.Errorf("%s of %s holds markup that is not the bot's: %q", where, r.Method, text)
		}
	}
	bodies := []string{r.Response}
	if !r.Delivery {
		inMarkup("the text", r.Arg("text"))
		bodies = []string{r.Arg("blocks"), r.Arg("attachments"), r.Arg("view")}
	}
	for _, body := range bodies {
		var v any
		if json.Unmarshal([]byte(body), &v) != nil { // an argument that is not there
			continue
		}
		walk(v, func(o object) {
			text, isText := o["text"].(string)
			switch {
			case o["type"] == "mrkdwn":
				inMarkup("a block", text)
				if o["verbatim"] != true {
					d.t.Errorf("Slack is to find names and links in %q", text)
				}
			case isText && o["type"] != "plain_text":
				inMarkup("the text of an answer", text)
			case o["type"] == "image":
				d.t.Errorf("%s shows a picture that Genuin did not make: %v", r.Method, o)
			}
			if title, is := o["fallback"].(string); is {
				inMarkup("a fallback", title)
			}
		})
	}
}

// What notifies on Discord, and those whom the bot means to.
var (
	discordMention = regexp.MustCompile(`(?i)@(everyone|here)|<@[!&]?\d+>|(^|[^\\])<(#\d+>|/|a?:\w+:\d+>)`)
	discordMeans   = regexp.MustCompile(`<@130000000000000000[12]>|<@&1400000000000000001>`)
	discordLink    = regexp.MustCompile(`(^|[^\\])\]\(`)
)

// checkDiscord checks the text in what the bot sent to Discord, as it went over the wire.
func (d *door) checkDiscord(x discordfake.Exchange) {
	d.t.Helper()
	body := x.Body
	if x.Delivery {
		body = x.Answer
	}
	var v any
	if json.Unmarshal(body, &v) != nil || x.Method == "PUT" || x.Method == "GET" {
		return
	}
	inMarkup := func(text string) {
		text = discordMeans.ReplaceAllString(text, "")
		if discordMention.MatchString(text) || discordLink.MatchString(text) {
			d.t.Errorf("%s %s holds markup that is not the bot's: %q", x.Method, x.Path, text)
		}
	}
	walk(v, func(o object) {
		content, isMessage := o["content"].(string)
		if !isMessage {
			return
		}
		inMarkup(content)
		mentions, _ := o["allowed_mentions"].(object)
		parse, _ := mentions["parse"].([]any)
		if mentions == nil || len(parse) > 0 {
			d.t.Errorf("%s %s lets Discord find whom to notify: %v", x.Method, x.Path, o["allowed_mentions"])
		}
		for _, kind := range []string{"users", "roles"} {
			ids, _ := mentions[kind].([]any)
			for _, id := range ids {
				if !slices.Contains([]any{onDiscord["Ada"], onDiscord["Ben"], role}, id) {
					d.t.Errorf("%s %s notifies %v", x.Method, x.Path, id)
				}
			}
		}
		walk(o["embeds"], func(part object) {
			for name, value := range part {
				text, is := value.(string)
				switch {
				case is && name == "url":
					d.t.Errorf("%s %s shows a picture that Genuin did not make: %s", x.Method, x.Path, text)
				case is:
					inMarkup(text)
				}
			}
		})
	})
}
