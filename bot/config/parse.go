package config

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"communitybot/bot"
)

// The shapes of Slack's IDs. The first letter tells what they name: U or W a user, S a user group, T a workspace, E an
// Enterprise organisation, C or G a channel.
var (
	slackApprover = regexp.MustCompile(`^[UWS][A-Z0-9]+$`)
	slackTeam     = regexp.MustCompile(`^[TE][A-Z0-9]+$`)
	slackChannel  = regexp.MustCompile(`^[CG][A-Z0-9]+$`)
)

// snowflake reports whether s is an ID of Discord: https://docs.discord.com/developers/reference#snowflakes
func snowflake(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n > 0
}

// parsers returns the parser of each type in Config that is more than text.
func (l *loader) parsers() map[reflect.Type]env.ParserFunc {
	return map[reflect.Type]env.ParserFunc{
		reflect.TypeFor[bool]():            parser(l.parseBool),
		reflect.TypeFor[int]():             parser(l.parseCount),
		reflect.TypeFor[time.Duration]():   parser(l.parseDuration),
		reflect.TypeFor[json.RawMessage](): parser(l.parseJSON),
		reflect.TypeFor[[]bot.Option]():    parser(l.parseOptions),
		reflect.TypeFor[[]bot.Approver]():  parser(l.parseApprovers),
		reflect.TypeFor[bot.Place]():       parser(l.parseChannel),
	}
}

// parser fits a parser into env. What is wrong with a value the parser notes itself, under the current variable: env's
// own errors are in Go's words.
func parser[T any](parse func(string) T) env.ParserFunc {
	return func(s string) (any, error) { return parse(s), nil }
}

func (l *loader) parseBool(s string) bool {
	b, err := strconv.ParseBool(s)
	if err != nil {
		l.wrong(l.current, "must be true or false, not "+l.show(s))
	}
	return b
}

func (l *loader) parseCount(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > math.MaxInt32 {
		l.wrong(l.current, "must be a whole number, 0 or more, not "+l.show(s))
		return 0
	}
	return n
}

func (l *loader) parseDuration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		l.wrong(l.current, "must be a span of time with its unit, such as 15s, 10m or 72h, not "+l.show(s))
		return 0
	}
	return d
}

func (l *loader) parseJSON(s string) json.RawMessage {
	if !json.Valid([]byte(s)) {
		l.wrong(l.current, `must be JSON, such as [] or [{"name":"value"}], not `+l.show(s))
		return nil
	}
	return json.RawMessage(s)
}

// parseOptions reads value=Label,value=Label. People could not tell two equal labels apart, so they are refused like
// equal values.
func (l *loader) parseOptions(s string) []bot.Option {
	var options []bot.Option
	values, labels := map[string]bool{}, map[string]bool{}
	for item := range strings.SplitSeq(s, ",") {
		value, label, _ := strings.Cut(item, "=")
		value, label = strings.TrimSpace(value), strings.TrimSpace(label)
		switch {
		case value == "" || label == "":
			l.wrong(l.current, "must be a list such as 1=First,2=Second; "+l.show(item)+" lacks its value or its label")
			continue
		case values[value]:
			l.wrong(l.current, "has the value "+l.show(value)+" twice")
		case labels[label]:
			l.wrong(l.current, "has the label "+l.show(label)+" twice")
		}
		options = append(options, bot.Option{Value: value, Label: label})
		values[value], labels[label] = true, true
	}
	return options
}

// parseApprovers reads slack:ID,discord:ID. Somebody who is named twice still has one vote, so is kept once.
func (l *loader) parseApprovers(s string) []bot.Approver {
	var approvers []bot.Approver
	seen := map[bot.Approver]bool{}
	for item := range strings.SplitSeq(s, ",") {
		item = strings.TrimSpace(item)
		platform, id, _ := strings.Cut(item, ":")
		a := bot.Approver{Platform: platform, ID: id}
		switch {
		case platform != "slack" && platform != "discord":
			l.wrong(l.current, "must be a list of slack:ID and discord:ID; "+l.show(item)+" is neither")
		case platform == "slack" && !slackApprover.MatchString(id):
			l.wrong(l.current, "has "+l.show(item)+", which is not an ID of Slack; those of users start with U or W, of user groups with S")
		case platform == "discord" && !snowflake(id):
			l.wrong(l.current, "has "+l.show(item)+", which is not an ID of Discord; those of users and roles are numbers")
		case !seen[a]:
			seen[a] = true
			approvers = append(approvers, a)
		}
	}
	return approvers
}

// parseChannel reads slack:TEAM/CHANNEL or discord:GUILD/CHANNEL.
func (l *loader) parseChannel(s string) bot.Place {
	platform, rest, _ := strings.Cut(s, ":")
	tenant, channel, _ := strings.Cut(rest, "/")
	switch {
	case platform == "slack" && slackTeam.MatchString(tenant) && slackChannel.MatchString(channel),
		platform == "discord" && snowflake(tenant) && snowflake(channel):
		return bot.Place{Platform: platform, Tenant: tenant, Channel: channel}
	case platform == "slack":
		l.wrong(l.current, "must be slack:TEAM/CHANNEL by their IDs, such as slack:T0123ABCD/C0456EFGH, not "+l.show(s))
	case platform == "discord":
		l.wrong(l.current, "must be discord:GUILD/CHANNEL by their IDs, which are numbers, not "+l.show(s))
	default:
		l.wrong(l.current, "must be slack:TEAM/CHANNEL or discord:GUILD/CHANNEL, not "+l.show(s))
	}
	return bot.Place{}
}
