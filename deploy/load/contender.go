package main

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
)

// contender is a program that takes a platform's requests.
type contender struct {
	name     string
	platform string
	commits  bool     // what people send, before it is acknowledged
	skips    []string // kinds that it does not do
	command  func(b *bench) (*exec.Cmd, error)
	missing  func(b *bench) error // why it can't run here
}

const ours = "communitybot"

// contenders are all of them, ours first.
var contenders = []contender{
	{name: ours, platform: slackPlatform, commits: true, command: theBot(slackPlatform)},
	{name: bolt, platform: slackPlatform, command: node("bolt.mjs"), missing: noNode},
	{name: boltCommitting, platform: slackPlatform, commits: true, command: node("bolt.mjs", "COMMIT=1"), missing: noNode},
	{name: "slack-go's idiom", platform: slackPlatform, command: itself("slack-go"), skips: []string{withForm}},
	{name: "net/http + HMAC", platform: slackPlatform, command: itself("hmac"), skips: []string{withForm}},
	{name: ours, platform: discordPlatform, commits: true, command: theBot(discordPlatform)},
	{name: express, platform: discordPlatform, command: node("discord.mjs"), missing: noNode},
	{name: "discord-interactions + express, committing", platform: discordPlatform, commits: true, command: node("discord.mjs", "COMMIT=1"), missing: noNode},
	{name: "discordgo's idiom", platform: discordPlatform, command: itself("discordgo"), skips: []string{submission}}, // its types don't know labels
	{name: ed25519Only, platform: discordPlatform, command: itself("ed25519")},
}

// common is the environment that peers get.
func (b *bench) common() []string {
	return append(b.upstream.environ(), "SLACK_BOT_TOKEN=xoxb-load", "SLACK_SIGNING_SECRET="+string(slackSecret), "DISCORD_BOT_TOKEN=load",
		"DISCORD_APPLICATION_ID=1100000000000000001", "DISCORD_PUBLIC_KEY="+hex.EncodeToString(discordKey[32:]), "HOME="+b.dir)
}

// theBot is the release build with a database that holds requests that wait for approval.
func theBot(platform string) func(*bench) (*exec.Cmd, error) {
	return func(b *bench) (*exec.Cmd, error) {
		database, err := b.database(platform)
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(b.binary)
		cmd.Dir = b.dir
		cmd.Env = append(b.common(), "DATABASE_URL=sqlite:"+database, "APPROVALS_REQUIRED=2")
		return cmd, nil
	}
}

// node is a peer of ours that runs on Node.js.
func node(program string, environ ...string) func(*bench) (*exec.Cmd, error) {
	return func(b *bench) (*exec.Cmd, error) {
		path, err := exec.LookPath("node")
		if err != nil {
			return nil, err
		}
		dir, err := os.MkdirTemp(b.dir, "peer")
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(path, program)
		cmd.Dir = b.peers
		cmd.Env = append(append(b.common(), "NODE_ENV=production", "DATABASE="+filepath.Join(dir, "peer.db")), environ...)
		return cmd, nil
	}
}

// noNode says what is missing for peers that run on Node.js.
func noNode(b *bench) error {
	if _, err := exec.LookPath("node"); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(b.peers, "node_modules"))
	return err
}

// itself is this program as a server.
func itself(name string) func(*bench) (*exec.Cmd, error) {
	return func(b *bench) (*exec.Cmd, error) {
		cmd := exec.Command(b.self)
		cmd.Env = append(b.common(), serveVariable+"="+name)
		return cmd, nil
	}
}
