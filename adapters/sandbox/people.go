package sandbox

import "communitybot/adapters/slack/slackfake"

// people are the same on both platforms.
var people = []struct{ Name, slack, discord string }{
	{"Ada", "UADA", "1200000000000000001"},
	{"Ben", "UBEN", "1200000000000000002"},
	{"Cleo", "UCLEO", "1200000000000000003"},
	{"Dan", "UDAN", "1200000000000000004"},
}

// The one channel of each platform.
const (
	channelName    = "communities"
	slackChannel   = "CCOMMUNITIES"
	discordChannel = "1300000000000000001"
)

func (s *Sandbox) slackChat() chat {
	c := chat{
		Chat: s.slack, Name: "slack", Title: "Slack", Channel: channelName, Example: "/create-community Acme Fans",
		channel: slackChannel, route: "/slack/events", connect: s.slack.Connect, ids: make(map[string]string),
	}
	var members []string
	for _, p := range people {
		s.slack.AddUser(p.slack, p.Name)
		c.ids[p.Name] = p.slack
		members = append(members, p.slack)
	}
	s.slack.AddChannel(slackfake.Channel{ID: slackChannel, Name: channelName, Members: members, Bot: true})
	return c
}

func (s *Sandbox) discordChat() chat {
	c := chat{
		Chat: s.discord, Name: "discord", Title: "Discord", Channel: channelName, Example: "/create-community name:Acme Fans",
		channel: discordChannel, route: "/discord/interactions", connect: s.discord.Connect, ids: make(map[string]string),
	}
	for _, p := range people {
		s.discord.AddUser(p.discord, p.Name)
		c.ids[p.Name] = p.discord
	}
	s.discord.AddChannel(discordChannel, channelName)
	return c
}
