package deploy_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// moved is how long it takes at most from the end of who holds Discord's gateway until another replica answers there: its
// right lasts for six seconds, and the last of what was asked in vain takes Discord three more to give up.
const moved = 15 * time.Second

// TestTheGatewayMovesToAnotherReplica kills the replica that holds Discord's gateway, and freezes the next, which goes on
// when others have answered for it: what it was sent meanwhile is not answered twice.
func TestTheGatewayMovesToAnotherReplica(t *testing.T) {
	c := startCluster(t, true)
	c.discord.AddUser(discordAda, "Ada")
	c.discord.AddChannel(discordGeneral, "general")
	c.asks(t)
	for _, end := range []struct {
		how string
		end func(*testing.T, *replica)
	}{{"killed", c.kill}, {"frozen", c.freeze}} {
		old, began := c.holder(t), time.Now()
		end.end(t, old)
		c.asks(t)
		took := time.Since(began)
		if now := c.holder(t); now == old || took > moved {
			t.Errorf("%s was %s, and after %s %s has the gateway\n%s", old.name(), end.how, took, now.name(), c.logs())
		}
		t.Logf("%s: another replica answered on the gateway after %s", end.how, took.Round(time.Millisecond))
		if end.how == "killed" {
			c.start(t, old, "")
			c.listens(t, old)
			continue
		}
		for range 5 { // Discord takes the frozen one for connected, and sends it these, too
			c.asks(t)
		}
		c.signal(t, old, syscall.SIGCONT)
		until(t, "it sees that it is not connected any more", func() bool {
			return strings.Contains(old.errOut.String(), "discord: another process is connected to the gateway; standing by")
		})
		c.asks(t)
	}
	c.answeredOnce(t)
}

// holder returns the replica that was the last to connect to the gateway.
func (c *cluster) holder(t *testing.T) *replica {
	t.Helper()
	last := func(r *replica) (at string) {
		if r.state != isUp {
			return ""
		}
		for line := range strings.Lines(r.errOut.String()) {
			if strings.Contains(line, "discord: connected to the gateway") {
				at = line // it begins with the time
			}
		}
		return at
	}
	r := slices.MaxFunc(c.bots[:], func(a, b *replica) int { return strings.Compare(last(a), last(b)) })
	if last(r) == "" {
		t.Fatalf("nobody has the gateway:\n%s", c.logs())
	}
	return r
}

// asks types the command until the form opens, and closes it.
func (c *cluster) asks(t *testing.T) {
	t.Helper()
	until(t, "the form opens", func() bool {
		screen, err := c.discord.Type(t.Context(), discordAda, discordGeneral, "/create-community name:Acme")
		if err != nil || screen.Form == nil {
			return false
		}
		_ = c.discord.CloseForm(t.Context(), discordAda, screen.Form.ID)
		return true
	})
}

// answeredOnce looks that Discord took one answer to each interaction, and was not offered another.
func (c *cluster) answeredOnce(t *testing.T) {
	t.Helper()
	answers := map[string][]int{}
	for _, x := range c.discord.Requests() {
		if x.Method == http.MethodPost && strings.HasSuffix(x.Path, "/callback") {
			answers[x.Path] = append(answers[x.Path], x.Status)
		}
	}
	if len(answers) < 9 {
		t.Errorf("%d interactions were answered: %v", len(answers), answers)
	}
	for path, statuses := range answers {
		if len(statuses) != 1 {
			t.Errorf("%s was answered %s", path, fmt.Sprint(statuses))
		}
	}
}
