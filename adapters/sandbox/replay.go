package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What steps have in common when they are about the same thing: IDs that the platforms give to one message, form or
// interaction, and the number of a request in what the bot's buttons and forms carry.
var (
	oneThing  = regexp.MustCompile(`\b(?:\d{10}\.\d{6}|\d{13}\.\d+\.[A-Z0-9]{12}|V[A-Z0-9]{12}|\d{17,20})\b`)
	numbered  = regexp.MustCompile(`[a-z-]+\?(?:[a-z]+=[^&"]*&)*id=(\d+)`)
	footed    = regexp.MustCompile(`"text": ?"Request (\d+)"`)
	aside     = regexp.MustCompile(`"(?:(?:app_)?permissions|last_message_id)": "\d+"`)
	handled   = regexp.MustCompile(`"handle": "([^"]+)"`)
	formID    = regexp.MustCompile(`"custom_id": "[a-z][^"]*\?[^"]*"|"custom_id": "[a-z-]+"`)
	commandID = regexp.MustCompile(`"data": \{\s*"id": "(\d+)"`)
	actor     = regexp.MustCompile(`"user": \{[^}]*"id": "(\d+)"`)
	typed     = regexp.MustCompile(`"value": "([^"]+)"`)
)

// about returns the one request that a step is about, by its number, or 0. A list of several is about none. A card without
// buttons has the number at its foot.
func (t step) about() int {
	found := 0
	text := t.Body + "\n" + t.Answer
	all := numbered.FindAllStringSubmatch(text, -1)
	if all == nil && t.From == theBot {
		all = footed.FindAllStringSubmatch(text, -1)
	}
	for _, m := range all {
		n, err := strconv.Atoi(m[1])
		if err != nil || found != 0 && n != found {
			return 0
		}
		found = n
	}
	return found
}

// things returns the IDs in a step. Where the bot only reads, the answer may be about anything.
func (t step) things() []string {
	text := t.Line + "\n" + t.Body
	if !strings.HasPrefix(t.Line, http.MethodGet) && !strings.HasPrefix(t.What, "conversations.") {
		text += "\n" + t.Answer
	}
	return oneThing.FindAllString(aside.ReplaceAllString(text, ""), -1)
}

// sends reports whether somebody sends a form.
func (t step) sends() bool {
	return t.To == theBot && (t.What == "view_submission" || t.What == "modal")
}

// getReplay answers GET /api/replay/{request}: the same as its page, as data.
func (s *Sandbox) getReplay(r *http.Request) (any, error) {
	n, err := strconv.Atoi(r.PathValue("request"))
	if err != nil {
		return nil, notFound("Requests have numbers.")
	}
	return append([]step{}, s.replay(n)...), nil
}

// replay returns what went over the wires because of one request, from the command to the last reply.
func (s *Sandbox) replay(request int) []step {
	all := s.steps()
	in := make([]bool, len(all))
	first := -1
	for i, t := range all {
		if t.about() == request {
			in[i] = true
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return nil
	}
	if i := asked(all[:first], all[first]); i >= 0 {
		in[i] = true
	}
	s.follow(all, in)
	for i, t := range slices.Backward(all) {
		if o := opened(all[:i], t); in[i] && o >= 0 {
			in[o] = true
		}
	}
	var story []step
	for i, t := range all {
		if in[i] {
			story = append(story, t)
		}
	}
	for _, t := range all {
		if t.To == "Genuin" && concerns(t, story) {
			story = append(story, t)
		}
	}
	slices.SortStableFunc(story, func(a, b step) int { return a.At.Compare(b.At) })
	return story
}

// asked returns the form that a card came from: the latest one before it whose first words stand on the card; -1 when
// there is none. The form has no number yet, so nothing else joins the two.
func asked(before []step, card step) int {
	for i, t := range slices.Backward(before) {
		if !t.sends() || t.about() != 0 {
			continue
		}
		if m := typed.FindStringSubmatch(t.Body); m != nil && strings.Contains(card.Body, m[1]) {
			return i
		}
	}
	return -1
}

// opened returns the step in which the bot opened the form that a step sends, where nothing but the form itself joins the
// two: Discord's. -1 when there is none.
func opened(before []step, sent step) int {
	form, who := formID.FindStringSubmatch(sent.Body), actor.FindStringSubmatch(sent.Body)
	if sent.What != "modal" || form == nil || who == nil {
		return -1
	}
	for i, t := range slices.Backward(before) {
		by := actor.FindStringSubmatch(t.Body)
		if t.To == theBot && by != nil && by[1] == who[1] && strings.Contains(t.Answer, form[0]) {
			return i
		}
	}
	return -1
}

// follow takes in every step that has a thing in common with one that is in already.
func (s *Sandbox) follow(all []step, in []bool) {
	common := s.constants(all)
	known := map[string]bool{}
	for again := true; again; {
		again = false
		for i, t := range all {
			n := t.about()
			if !in[i] && (n != 0 || !slices.ContainsFunc(t.things(), func(id string) bool { return known[id] })) {
				continue
			}
			for _, id := range t.things() {
				if !known[id] && !common[id] {
					known[id], again = true, true
				}
			}
			if !in[i] {
				in[i], again = true, true
			}
		}
	}
}

// constants are the IDs that say nothing about what a step is about: those of people, channels and the bot.
func (s *Sandbox) constants(all []step) map[string]bool {
	same := map[string]bool{s.discord.Options().ApplicationID: true, s.discord.Options().GuildID: true}
	for _, c := range s.chats {
		for id := range c.names {
			same[id] = true
		}
	}
	for _, t := range all {
		if m := commandID.FindStringSubmatch(t.Body); m != nil {
			same[m[1]] = true
		}
		if strings.HasSuffix(t.Line, "/users/@me/channels") { // a direct conversation
			for _, id := range oneThing.FindAllString(t.Answer, -1) {
				same[id] = true
			}
		}
		if strings.HasPrefix(t.What, "views.publish") { // somebody's home
			for _, id := range oneThing.FindAllString(t.Answer, -1) {
				same[id] = true
			}
		}
	}
	return same
}

// concerns reports whether a call to Genuin is about the handle of a story.
func concerns(call step, story []step) bool {
	m := handled.FindStringSubmatch(call.Body)
	if m == nil {
		return false
	}
	word := regexp.MustCompile(`(?:^|[^a-z0-9._-])` + regexp.QuoteMeta(m[1]) + `(?:[^a-z0-9._-]|$)`)
	return slices.ContainsFunc(story, func(t step) bool { return t.From == theBot && word.MatchString(t.Body) })
}
