package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"communitybot/adapters/person"
	"communitybot/bot/genuin/genuinfake"
)

// theBot is its name on a wire.
const theBot = "communitybot"

// step is one exchange on a wire, as the page shows it.
type step struct {
	At       time.Time
	Took     time.Duration
	From, To string
	What     string
	Line     string // method and path
	Header   []string
	Body     string
	Status   string
	Answer   string

	marked int // the request that the bot names in a header, or 0
	joins  joins
}

// joins are the IDs by which a step hangs together with others; see person.Exchange.
type joins struct {
	turns, draws []string
	uses         string
}

// steps returns everything that went over the wires so far, in the order in which it began.
func (s *Sandbox) steps() []step {
	all := s.genuinSteps()
	for _, c := range s.chats {
		all = append(all, c.steps()...)
	}
	slices.SortStableFunc(all, func(a, b step) int { return a.At.Compare(b.At) })
	return all
}

// steps are those between a chat and the bot.
func (c *chat) steps() (all []step) {
	for _, x := range c.Wire() {
		all = append(all, c.step(x))
	}
	return all
}

func (c *chat) step(x person.Exchange) step {
	t := step{
		At: x.At, Took: x.Took, From: c.Title, To: theBot, What: x.What, Line: x.Method + " " + x.Path,
		Header: lines(x.Header), Body: readable(x.Body), Status: outcome(x.Status), Answer: readable(x.Answer),
		joins: joins{x.Turns, x.Draws, x.Uses},
	}
	if x.FromBot {
		t.From, t.To, t.marked = t.To, t.From, marked(x.Header)
	}
	return t
}

// genuinSteps are the calls that create communities.
func (s *Sandbox) genuinSteps() (all []step) {
	for _, c := range s.genuin.Calls() {
		if c.Path != genuinfake.CreatePath {
			continue
		}
		all = append(all, step{
			At: c.At, Took: c.Took, From: theBot, To: "Genuin", What: "create community", Line: c.Method + " " + c.Path,
			Header: lines(c.Header), Body: readable(c.Body), Status: outcome(c.Status), Answer: readable(c.Answer),
			marked: marked(c.Header),
		})
	}
	return all
}

// markHeader is where the bot names the request for which it calls.
const markHeader = "Communitybot-Request"

// marked returns the request that a call of the bot is for, or 0.
func marked(h http.Header) int {
	n, err := strconv.Atoi(h.Get(markHeader))
	if err != nil {
		return 0
	}
	return n
}

func outcome(status int) string {
	if status == 0 {
		return "no answer"
	}
	return fmt.Sprintf("%d %s", status, http.StatusText(status))
}

// lines returns headers as they stand in a request, in the order of their names.
func lines(h http.Header) (all []string) {
	for name, values := range h {
		for _, v := range values {
			all = append(all, name+": "+v)
		}
	}
	slices.Sort(all)
	return all
}

// readable sets JSON out over lines, and a form with a field in each.
func readable(body string) string {
	if indented, ok := indented(body); ok {
		return indented
	}
	form, err := url.ParseQuery(body)
	if err != nil || !strings.Contains(body, "=") || strings.ContainsAny(body, " \n<") {
		return body
	}
	var b strings.Builder
	for _, part := range strings.Split(body, "&") {
		name, _, _ := strings.Cut(part, "=")
		value := form.Get(name)
		if set, ok := indented(value); ok {
			value = set
		}
		fmt.Fprintf(&b, "%s = %s\n", name, value)
	}
	return b.String()
}

func indented(s string) (string, bool) {
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") {
		return "", false
	}
	var b bytes.Buffer
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", false
	}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return "", false
	}
	return strings.TrimSuffix(b.String(), "\n"), true
}
