package deploy_test

import (
	"context"
	"net/http"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
)

// trouble is something that fails for a while.
type trouble struct {
	name  string
	begin func() (heal func())
}

// troubles are all kinds of it.
func (l *load) troubles() []trouble {
	all := []trouble{{"the database is locked", l.lockIt}, {"Genuin is slow", l.slowGenuin}, {"Genuin's token expires", func() func() {
		l.genuin.ExpireTokens()
		return func() {}
	}}}
	for _, mode := range []genuinfake.Mode{genuinfake.Unavailable, genuinfake.BadGateway, genuinfake.ResetBefore, genuinfake.ResetAfter, genuinfake.RateLimited} {
		all = append(all, trouble{"Genuin: " + string(mode), func() func() {
			l.genuin.Always(mode)
			return func() { l.genuin.Always(genuinfake.Behave) }
		}})
	}
	for name, o := range map[string]outage{
		"are down":         {slackfake.Status(http.StatusBadGateway, 0), discordfake.Failure{Status: http.StatusBadGateway}},
		"ask to wait":      {slackfake.Status(http.StatusTooManyRequests, time.Second), discordfake.Failure{RetryAfter: time.Second}},
		"lose answers":     {slackfake.LoseAnswer(), discordfake.Failure{CutAfter: true}},
		"refuse the token": {slackfake.Refuse("token_revoked"), discordfake.Failure{Status: http.StatusUnauthorized}},
	} {
		all = append(all, trouble{"platforms " + name, func() func() { return l.cutOff(o) }})
	}
	all = append(all, trouble{"platforms are slow", func() func() {
		late := make(chan struct{})
		heal := l.cutOff(outage{slackfake.Hold(late), discordfake.Failure{Hold: late}})
		return func() { heal(); close(late) }
	}})
	if l.connected {
		all = append(all, l.lostConnections()...)
	}
	return all
}

// lostConnections are what connections come to.
func (l *load) lostConnections() []trouble {
	once := func(do func()) func() func() {
		return func() func() { do(); return func() {} }
	}
	return []trouble{
		{"connections break", once(func() { l.slack.Cut(); l.discord.DropConnections() })},
		{"platforms ask to connect again", once(func() { l.slack.Disconnect("refresh_requested"); l.discord.AskToReconnect() })},
		{"Discord forgets the session", once(func() { l.discord.Invalidate(false) })},
	}
}

// cutOff has all that is asked of the platforms fail.
func (l *load) cutOff(o outage) (heal func()) {
	for _, method := range askedOfSlack {
		l.slack.FailAlways(method, o.slack)
	}
	for _, route := range askedOfDiscord {
		l.discord.FailAlways(route, o.discord)
	}
	return func() { l.slack.Heal(); l.discord.Heal() }
}

// lockIt has somebody else write to the database.
func (l *load) lockIt() (heal func()) {
	unlock, err := lock(l.database)
	if err != nil {
		l.t.Error(err)
		return func() {}
	}
	return func() {
		if err := unlock(); err != nil {
			l.t.Error(err)
		}
	}
}

// slowGenuin has calls wait until it is over.
func (l *load) slowGenuin() (heal func()) {
	l.genuin.Always(genuinfake.Hold)
	return func() {
		l.genuin.Always(genuinfake.Behave)
		over, cancel := context.WithCancel(context.Background())
		cancel()
		held := 0
		for l.genuin.WaitHeld(over, held+1) == nil {
			held++
		}
		for range held {
			l.genuin.Release()
		}
	}
}

// makeTrouble has one thing after the other fail, each while a share of the submissions is made and for a second and a
// half at most; then all is well for as long. It ends when all is asked for, and each kind came up. It returns how often.
func (l *load) makeTrouble(ctx context.Context) map[string]int {
	met := map[string]int{}
	kinds := l.troubles()
	share := max(1, int64(l.wanted/(3*len(kinds))))
	lasts := func() {
		upTo := l.asked.Load() + share
		end := time.Now().Add(1500 * time.Millisecond)
		for l.asked.Load() < upTo && time.Now().Before(end) && pause(ctx, 20*time.Millisecond) {
			continue
		}
	}
	for i := 0; ctx.Err() == nil && (i < len(kinds) || l.asked.Load() < int64(l.wanted)); i++ {
		kind := kinds[i%len(kinds)]
		heal := kind.begin()
		lasts()
		heal()
		met[kind.name]++
		lasts()
	}
	return met
}
