package adapters_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store/pgtest"
	"communitybot/bot/words"
)

// A conversation is lines of "verb: words". The verbs that people do start with their name:
//
//	Ada types: /create-community Acme Fans
//	Ada types at length: /create-community Acme Fans    the same, to be asked for everything also where a form has little room
//	Ada fills: Tags = #run, city       a field of the open form, wherever the platform shows it
//	Ada sends:                         the form, which must be accepted
//	Ada is refused:                    the same, and it must not be
//	Ada presses: Fix and resubmit      a button of the card
//	Ben presses privately: Take it back    a button of what only they see
//	Ben presses in approvals: Approve  a button of the card in the approvers' channel
//	Ada repeats:                       the platform delivers the last action once more
//	Ben writes: words                  an ordinary message
//	Ada uses: Create a community       a shortcut on the last message that somebody wrote
//
// What must be seen, at once or after a while:
//
//	form: Create a community           the title of the open form
//	field: Name = Acme Fans            what the open form shows
//	problem: Handle = small letters    part of what is said at a field
//	private: words                     part of what only the one who acted sees
//	whispered: words                   the same, of all that they were told so in the channel
//	direct: words                      part of what stands in Ada's conversation with the bot
//	card: words      thread: words     part of the card, of a line in its thread
//	buttons: A | B                     the card's buttons, all of them; "none"
//	cards: 1                           how many there are
//	made: {"tags": "a,b"}              part of what Genuin was sent for the last community it made
//	communities: 1                     how many it made
//	ready: not ready: NAME             what /readyz says
//	calls: 2                           create calls it got
//
// What starts with "approvals", such as "approvals card: words", is about the approvers' channel.
//
// And "genuin: MODE MODE" says how it treats the next calls, "genuin always: MODE" all others; "clock: 24h" moves the
// clock; "closed: approvals" takes the bot out of the approvers' channel, "closed: all" out of every channel and every
// direct conversation, "closed: to words" makes the channel read-only; "language: Ada = de" sets what somebody chose on the platform.
type script struct {
	*world
	chat   person.Chat // on which the one who acts is
	t      *testing.T
	screen person.Screen
	who    string
	fill   map[string]string
	wrote  string // the last message that somebody wrote
	line   string
}

const soon = 15 * time.Second // what must be seen after a while; far longer than it takes

func (w *world) converse(t *testing.T, text string) {
	s := &script{world: w, t: t, fill: map[string]string{}}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.line = fmt.Sprintf("line %d, %q", n+1, line)
		verb, words, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("%s: no verb", s.line)
		}
		s.do(verb, strings.TrimSpace(words))
	}
	w.keptSecrets(t)
}

// keptSecrets looks for what must never be logged, at any level.
func (w *world) keptSecrets(t *testing.T) {
	t.Helper()
	secrets := []string{pgtest.Password, genuinSecret, genuinfake.LeaderPhone}
	for _, part := range []*world{w, w.other} {
		if part != nil && part.slack != nil {
			secrets = append(secrets, part.slack.BotToken, part.slack.SigningSecret, appToken)
		}
		if part != nil && part.discord != nil {
			secrets = append(secrets, part.discord.Options().BotToken)
		}
	}
	log := w.log.String()
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

func (s *script) do(verb, words string) {
	s.t.Helper()
	if who, does, ok := strings.Cut(verb, " "); ok && s.ids[who] != "" && who != "approvals" {
		s.who, s.chat = s.ids[who], s.world.chat
		s.act(does, words)
		return
	}
	switch verb {
	case "clock":
		d, err := time.ParseDuration(words)
		if err != nil {
			s.t.Fatalf("%s: %v", s.line, err)
		}
		s.clock.moved.Add(int64(d))
		s.queue.Look(s.t.Context())
		return
	case "closed":
		switch words {
		case "all":
			s.closeAll()
		case "to words":
			s.readOnly()
		default:
			s.approvers().close(s.approvalsChannel(), words == "approvals")
		}
		return
	case "language":
		who, locale, _ := strings.Cut(words, " = ")
		if s.slack != nil { // which names the country, too
			s.slack.SetLocale(s.ids[who], locale+"-"+strings.ToUpper(locale))
		} else {
			s.discord.SetLocale(s.ids[who], locale)
		}
		return
	}
	switch strings.TrimPrefix(verb, "approvals ") {
	case "genuin":
		for mode := range strings.FieldsSeq(words) {
			s.genuin.Next(genuinfake.Mode(mode))
		}
	case "genuin always":
		s.genuin.Always(genuinfake.Mode(words))
	case "ready", "whispered", "direct", "card", "thread", "buttons", "cards", "made", "communities", "calls", "no card":
		s.eventually(verb, words)
	default:
		s.now(verb, words)
	}
}

// act does what somebody does.
func (s *script) act(does, words string) {
	s.t.Helper()
	var err error
	switch does {
	case "types", "types at length":
		if command, text, ok := strings.Cut(words, " "); ok && s.name == "discord" && !strings.Contains(text, ":") {
			option := "name"
			if command == "/communities" {
				option = "text"
			}
			words = command + " " + option + ":" + text
		}
		if s.name == "discord" && does == "types at length" {
			words += " more:true"
		}
		s.screen, err = s.chat.Type(s.t.Context(), s.who, s.channel, words)
	case "fills":
		label, value, ok := strings.Cut(words, "=")
		if !ok {
			s.t.Fatalf("%s: fills what?", s.line)
		}
		s.fill[strings.TrimSpace(label)] = strings.ReplaceAll(strings.TrimSpace(value), `\n`, "\n")
		return
	case "sends", "is refused":
		err = s.send()
		if refused := s.isRefused(); refused != (does == "is refused") {
			s.t.Fatalf("%s: refused is %v: %s", s.line, refused, pretty(s.screen))
		}
	case "presses":
		s.eventually("button", words)
		s.screen, err = s.chat.Press(s.t.Context(), s.who, s.card("").ID, words)
	case "presses privately":
		s.screen, err = s.chat.Press(s.t.Context(), s.who, s.private().ID, words)
	case "presses in approvals":
		at := s.approvers()
		s.chat, s.who = at.chat, at.ids[s.nameOf(s.who)] // the rest of what they do is there, too
		s.eventually("approvals button", words)
		s.screen, err = s.chat.Press(s.t.Context(), s.who, s.card("approvals ").ID, words)
	case "repeats":
		err = s.redeliver()
	case "writes":
		s.wrote, err = s.chat.Write(s.t.Context(), s.who, s.channel, words)
	case "uses":
		s.screen, err = s.chat.Shortcut(s.t.Context(), s.who, s.wrote, words)
	default:
		s.t.Fatalf("%s: nobody can do that", s.line)
	}
	if err != nil {
		s.t.Fatalf("%s: %v", s.line, err)
	}
}

// send fills in what the platform shows of the form, part by part, until the whole of it is sent or something is wrong.
func (s *script) send() (err error) {
	left := s.fill
	s.fill = map[string]string{}
	if m := s.private(); s.screen.Form == nil && m != nil && tryAgain(m) != "" {
		if s.screen, err = s.chat.Press(s.t.Context(), s.who, m.ID, tryAgain(m)); err != nil {
			return err
		}
	}
	if s.screen.Form == nil {
		return fmt.Errorf("there is no form to send: %s", pretty(s.screen))
	}
	if err := s.sendForm(left); err != nil || s.screen.Form != nil {
		return err
	}
	m := s.private()
	if m == nil || !m.Button("Edit") { // no review: all was sent
		return s.unknown(left)
	}
	return s.review(*m, left)
}

// sendForm sends the open form with those of the values that it has fields for, and takes them out of left.
func (s *script) sendForm(left map[string]string) (err error) {
	values := map[string]string{}
	for label, value := range left {
		if s.screen.Form.Field(label) != nil {
			values[label] = value
			delete(left, label)
		}
	}
	s.screen, err = s.chat.Send(s.t.Context(), s.who, s.screen.Form.ID, values)
	return err
}

// review goes on where a platform shows the form in parts: menus, buttons for further parts, and one that sends it.
func (s *script) review(m person.Message, left map[string]string) (err error) {
	for _, menu := range m.Menus {
		if value, ok := left[menu.Label]; ok {
			delete(left, menu.Label)
			var options []string
			for o := range strings.SplitSeq(value, ",") {
				options = append(options, strings.TrimSpace(o))
			}
			if s.screen, err = s.chat.Choose(s.t.Context(), s.who, m.ID, menu.Label, options...); err != nil {
				return err
			}
		}
	}
	for _, button := range m.Buttons[1:] {
		if len(left) == 0 {
			break
		}
		if s.screen, err = s.chat.Press(s.t.Context(), s.who, m.ID, button); err != nil {
			return err
		}
		if err := s.sendForm(left); err != nil || s.isRefused() {
			return err
		}
	}
	if err := s.unknown(left); err != nil {
		return err
	}
	s.screen, err = s.chat.Press(s.t.Context(), s.who, m.ID, m.Buttons[0])
	return err
}

func (s *script) unknown(left map[string]string) error {
	if len(left) > 0 {
		return fmt.Errorf("the form has no fields for %v", left)
	}
	return nil
}

// private returns the last private message of the screen, or nil.
func (s *script) private() *person.Message {
	if len(s.screen.Private) == 0 {
		return nil
	}
	return &s.screen.Private[len(s.screen.Private)-1]
}

// isRefused reports whether the form that was sent came back.
func (s *script) isRefused() bool {
	m := s.private()
	return s.screen.Form != nil || m != nil && tryAgain(m) != ""
}

// tryAgain returns the button that opens a refused form again, in whatever language.
func tryAgain(m *person.Message) string {
	for _, w := range words.All() {
		if m.Button(w.Chat.TryAgain) {
			return w.Chat.TryAgain
		}
	}
	return ""
}

// now checks what must be seen at once.
func (s *script) now(verb, words string) {
	s.t.Helper()
	label, want, _ := strings.Cut(words, "=")
	label, want = strings.TrimSpace(label), strings.TrimSpace(want)
	got := ""
	switch verb {
	case "form":
		if s.screen.Form != nil {
			got = s.screen.Form.Title
		}
		want = words
	case "field":
		if s.screen.Form != nil && s.screen.Form.Field(label) != nil {
			got = s.screen.Form.Field(label).Value
		}
		if got != want {
			s.t.Fatalf("%s: it shows %q", s.line, got)
		}
	case "problem":
		got = s.problem(label)
	case "private":
		want = words
		if m := s.private(); m != nil {
			got = m.Text
		}
	default:
		s.t.Fatalf("%s: no such verb", s.line)
	}
	if !strings.Contains(got, want) || want == "" {
		s.t.Fatalf("%s: it says %q\nscreen: %s", s.line, got, pretty(s.screen))
	}
}

// problem returns what is said to be wrong with a field: at the field, or in a private note that names it.
func (s *script) problem(label string) string {
	if f := s.screen.Form; f != nil {
		if field := f.Field(label); field != nil {
			said, _ := strings.CutPrefix(f.Title, label+":") // where there is no room at the field
			return strings.Join([]string{field.Problem, field.Hint, said}, " ")
		}
		return ""
	}
	if m := s.private(); m != nil {
		for line := range strings.SplitSeq(m.Text, "\n") {
			if strings.Contains(line, label+":") {
				return line
			}
		}
	}
	return ""
}

// approvers returns the platform on which the approvers' channel is.
func (w *world) approvers() *world {
	if w.other != nil {
		return w.other
	}
	return w
}

// approvalsChannel returns the ID of the approvers' channel.
func (w *world) approvalsChannel() string {
	_, channel, _ := strings.Cut(w.approvers().ids["approvals"], "/")
	return channel
}

// close takes the bot out of a channel, or lets it in again.
func (w *world) close(channel string, closed bool) {
	if w.slack != nil {
		w.slack.AddChannel(slackfake.Channel{ID: channel, Name: "approvals", Members: []string{"U2", "U3", "U4"}, Bot: !closed, Private: true})
		return
	}
	allowed := discordfake.Everything
	if closed {
		allowed = 0
	}
	w.discord.Allow(channel, allowed)
}

// closeAll leaves the bot nowhere to post.
func (w *world) closeAll() {
	const often = 100
	if w.slack != nil {
		w.slack.Fail("chat.postMessage", often, slackfake.Refuse("restricted_action"))
		return
	}
	w.discord.Allow(w.channel, 0)
	w.discord.Fail("POST /users/@me/channels", often, discordfake.Failure{Code: 50007})
}

// readOnly lets the bot write nothing more in the channel. What it posted can be redrawn.
func (w *world) readOnly() {
	if w.slack != nil {
		w.slack.AddChannel(slackfake.Channel{ID: w.channel, Name: "general", Members: slices.Collect(maps.Values(w.ids)), Bot: true, ReadOnly: true})
		return
	}
	w.discord.Allow(w.channel, discordfake.Everything&^(discordfake.SendMessages|discordfake.SendInThreads|discordfake.CreateThreads))
}

// redeliver has the platform deliver the last request once more.
func (s *script) redeliver() error {
	var answer *http.Response
	var err error
	switch {
	case s.discord != nil && s.linked:
		return s.discord.DispatchAgain()
	case s.slack != nil:
		answer, err = s.slack.Redeliver(s.t.Context())
	default:
		answer, err = s.discord.Redeliver(s.t.Context())
	}
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// nameOf returns the name of a person by ID.
func (w *world) nameOf(id string) string {
	for name, known := range w.ids {
		if known == id {
			return name
		}
	}
	if w.other != nil {
		return w.other.nameOf(id)
	}
	return ""
}

// cards returns the bot's public messages at the top level of the channel, or of the approvers'.
func (s *script) cards(where string) []person.Message {
	s.t.Helper()
	chat, reader, channel := s.world.chat, s.ids["Ada"], s.channel
	if where != "" {
		chat, reader, channel = s.approvers().chat, s.approvers().ids["Ben"], s.approvalsChannel()
	}
	all, err := chat.Read(s.t.Context(), reader, channel)
	if err != nil {
		s.t.Fatalf("%s: %v", s.line, err)
	}
	return slices.DeleteFunc(all, func(m person.Message) bool { return m.Private })
}

func (s *script) card(where string) person.Message {
	s.t.Helper()
	cards := s.cards(where)
	if len(cards) == 0 {
		s.t.Fatalf("%s: there is no card", s.line)
	}
	return cards[len(cards)-1]
}

// eventually waits until check is content, and fails with what it says last.
func (s *script) eventually(verb, words string) {
	s.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(soon)
	for {
		wrong := s.see(verb, words)
		if wrong == "" {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			s.t.Fatalf("%s: %s\nlog:\n%s", s.line, wrong, s.log)
		}
	}
}

// see returns what is not as it should be, or "".
func (s *script) see(verb, words string) string {
	where := ""
	if rest, ok := strings.CutPrefix(verb, "approvals "); ok {
		where, verb = "approvals ", rest
	}
	cards := s.cards(where)
	switch verb {
	case "cards":
		return differs(words, fmt.Sprint(len(cards)))
	case "ready":
		return s.readiness(words)
	case "whispered":
		return s.whispered(words)
	case "direct":
		return s.direct(words)
	case "communities":
		return differs(words, fmt.Sprint(len(s.genuin.Communities())))
	case "calls":
		n := 0
		for _, c := range s.genuin.Calls() {
			if c.Path == genuinfake.CreatePath {
				n++
			}
		}
		return differs(words, fmt.Sprint(n))
	case "made":
		return s.sawMade(words)
	}
	if len(cards) == 0 {
		return "there is no card"
	}
	card := cards[len(cards)-1]
	switch verb {
	case "card":
		return holds(card.Text+"\n"+strings.Join(card.Links, "\n")+"\n"+card.Color, words)
	case "no card":
		if strings.Contains(card.Text, words) {
			return "the card says:\n" + card.Text
		}
		return ""
	case "button":
		if !card.Button(words) {
			return "it has the buttons " + strings.Join(card.Buttons, " | ")
		}
		return ""
	case "buttons":
		shown := strings.Join(card.Buttons, " | ")
		if shown == "" {
			shown = "none"
		}
		return differs(words, shown)
	}
	var lines []string
	for _, m := range card.Thread {
		lines = append(lines, m.Text)
	}
	return holds(strings.Join(lines, "\n"), words)
}

// whispered compares what the bot told in the channel to the one who acted alone.
func (s *script) whispered(words string) string {
	all, err := s.chat.Read(s.t.Context(), s.who, s.channel)
	if err != nil {
		return err.Error()
	}
	var told []string
	for _, m := range all {
		if m.Private {
			told = append(told, m.Text)
		}
	}
	return holds(strings.Join(told, "\n"), words)
}

// direct compares what Ada and the bot have in their conversation.
func (s *script) direct(words string) string {
	all, err := s.world.chat.Read(s.t.Context(), s.ids["Ada"], "@"+s.ids["Ada"])
	if err != nil {
		return err.Error()
	}
	var told []string
	for _, m := range all {
		told = append(told, m.Text)
		for _, line := range m.Thread {
			told = append(told, line.Text)
		}
	}
	return holds(strings.Join(told, "\n"), words)
}

// readiness compares what /readyz says.
func (s *script) readiness(words string) string {
	r, err := http.Get(s.url + "/readyz")
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return differs(words, strings.TrimSpace(string(body)))
}

func differs(want, got string) string {
	if got == want {
		return ""
	}
	return "it is " + got
}

func holds(text, part string) string {
	if strings.Contains(text, part) {
		return ""
	}
	return "it says:\n" + text
}

// sawMade compares the JSON with the same keys of what Genuin was sent.
func (s *script) sawMade(words string) string {
	made := s.genuin.Communities()
	if len(made) == 0 {
		return "nothing was made"
	}
	var want, sent map[string]any
	if err := json.Unmarshal([]byte(words), &want); err != nil {
		s.t.Fatalf("%s: %v", s.line, err)
	}
	if err := json.Unmarshal(made[len(made)-1].Request, &sent); err != nil {
		s.t.Fatalf("%s: %v", s.line, err)
	}
	got := map[string]any{}
	for key := range want {
		if v, ok := sent[key]; ok {
			got[key] = v
		}
	}
	return cmp.Diff(want, got)
}

func pretty(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}
