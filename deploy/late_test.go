package deploy_test

import (
	"net/http"
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

// TestWhatADeadProcessSentArrivesAfterTheNextBegan kills a bot whose card is on its way, and which the platform takes only
// when the next one is ready. There is one card all the same.
func TestWhatADeadProcessSentArrivesAfterTheNextBegan(t *testing.T) {
	for name, held := range map[string]func(w *mortalWorld, release <-chan struct{}) (at *place, method string){
		"Slack": func(w *mortalWorld, release <-chan struct{}) (*place, string) {
			w.slack.Fail("chat.postMessage", 1, slackfake.Late(release))
			return &place{Window: w.slack, command: "/create-community ", askers: []string{"U1"}, channels: []string{"C1"}}, "chat.postMessage"
		},
		"Discord": func(w *mortalWorld, release <-chan struct{}) (*place, string) {
			const route = "POST /channels/{channel}/messages"
			w.discord.Fail(route, 1, discordfake.Failure{Hold: release, Late: true})
			return &place{Window: w.discord, command: "/create-community name:", askers: []string{discordAda}, channels: []string{discordGeneral}}, route
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startMortal(t, false)
			w.slack.AddUser("U1", "Ada")
			w.slack.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Bot: true})
			w.discord.AddUser(discordAda, "Ada")
			w.discord.AddChannel(discordGeneral, "general")
			release := make(chan struct{})
			at, method := held(w, release)

			w.start(t, "", 0)
			until(t, "the bot is ready", func() bool { return w.ready(t) })
			ada, channel := at.askers[0], at.channels[0]
			form, err := at.Type(t.Context(), ada, channel, at.command+"Acme")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := at.Send(t.Context(), ada, form.Form.ID, nil); err != nil {
				t.Fatal(err)
			}
			first := func() *person.Exchange {
				for _, x := range at.Wire() {
					if x.FromBot && x.What == method {
						return &x
					}
				}
				return nil
			}
			until(t, "the card is on its way", func() bool { return first() != nil })
			w.kill(t)
			w.discord.ForgetNonces()
			w.start(t, "", 0)
			until(t, "the next bot is ready", func() bool { return w.ready(t) })
			close(release)
			until(t, "the card has arrived", func() bool { return first().Status == http.StatusOK })

			seen := func() (cards, lines int) {
				all, err := at.Read(t.Context(), ada, channel)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range all {
					if strings.HasPrefix(m.Text, "Acme\n") && !m.Private {
						cards++
						lines += len(m.Thread)
					}
				}
				return cards, lines
			}
			until(t, "the thread is told", func() bool { _, lines := seen(); return lines > 0 })
			if cards, _ := seen(); cards != 1 {
				t.Errorf("%d cards, want one", cards)
			}
		})
	}
}
