package sandbox

import (
	"slices"

	"communitybot/adapters/slack/slackfake"
)

// someone is a person of the sandbox, the same on both platforms.
type someone struct {
	Name, Part, slack, discord string
}

// people are in the order of the page.
var people = []someone{
	{"Ada", "asks", "UADA", "1200000000000000001"},
	{"Ben", "approver", "UBEN", "1200000000000000002"},
	{"Cleo", "approver", "UCLEO", "1200000000000000003"},
	{"Dan", "outsider", "UDAN", "1200000000000000004"},
	{"Eve", "admin", "UEVE", "1200000000000000005"},
}

// inGroup are those who are in the group of approvers: a user group on Slack, a role on Discord.
var inGroup = []string{"Ben", "Cleo"}

const (
	groupName    = "approvers"
	slackGroup   = "SAPPROVERS"
	discordGroup = "1400000000000000001"
)

// channels are those of both platforms, in the order of the page. People ask in the first.
var channels = []struct{ name, slack, discord string }{
	{"communities", "CCOMMUNITIES", "1300000000000000001"},
	{"approvals", "CAPPROVALS", "1300000000000000002"},
}

func newChat(c chat) *chat {
	c.ids, c.names = map[string]string{}, map[string]string{}
	return &c
}

func (s *Sandbox) slackChat() *chat {
	c := newChat(chat{
		Window: s.slack, Name: "slack", Title: "Slack", Example: "/create-community Acme Fans", route: "/slack/events", connect: s.slack.Connect,
		keys: slackKeys(s.slack), faults: slackFaults(s.slack), onText: func(string) []string { return s.slack.Shortcuts() },
	})
	var group []string
	for _, p := range people {
		s.slack.AddUser(p.slack, p.Name)
		c.know(p.Name, p.slack)
		if slices.Contains(inGroup, p.Name) {
			group = append(group, p.slack)
		}
	}
	s.slack.AddGroup(slackGroup, groupName, group...)
	c.names[slackGroup] = groupName
	for _, ch := range channels {
		s.slack.AddChannel(everybodys(slackfake.Channel{ID: ch.slack, Name: ch.name, Bot: true}))
		c.names[ch.slack] = ch.name
		c.Tabs = append(c.Tabs, tab{ch.name, "# " + ch.name, ch.slack})
	}
	c.Tabs = append(c.Tabs, tab{Name: directTab, Title: "communitybot"}, tab{Name: homeTab, Title: "Home"})
	return c
}

// everybodys is a channel that everybody is in.
func everybodys(ch slackfake.Channel) slackfake.Channel {
	for _, p := range people {
		ch.Members = append(ch.Members, p.slack)
	}
	return ch
}

func (s *Sandbox) discordChat() *chat {
	c := newChat(chat{
		Window: s.discord, Name: "discord", Title: "Discord", Example: "/create-community name:Acme Fans", route: "/discord/interactions", connect: s.discord.Connect,
		keys: discordKeys(s.discord), faults: discordFaults(s.discord), onText: s.discord.Shortcuts,
	})
	s.discord.AddRole(discordGroup, groupName)
	c.names[discordGroup] = groupName
	for _, p := range people {
		var roles []string
		if slices.Contains(inGroup, p.Name) {
			roles = append(roles, discordGroup)
		}
		s.discord.AddUser(p.discord, p.Name, roles...)
		c.know(p.Name, p.discord)
	}
	for _, ch := range channels {
		s.discord.AddChannel(ch.discord, ch.name)
		c.names[ch.discord] = ch.name
		c.Tabs = append(c.Tabs, tab{ch.name, "# " + ch.name, ch.discord})
	}
	c.Tabs = append(c.Tabs, tab{Name: directTab, Title: "communitybot"})
	return c
}
