package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// message checks a body that makes or changes a message against Discord's limits. Paths start with prefix: "" or "data.".
//
// https://docs.discord.com/developers/resources/message#create-message and #embed-object-embed-limits
func (c *checker) message(prefix string, b *messageBody) {
	c.atMost(prefix+"content", b.Content.value, 2000)
	c.embeds(prefix+"embeds", b.Embeds.value)
	c.components(prefix+"components", b.Components.value)
	c.mentions(prefix+"allowed_mentions", b.AllowedMentions)
	if b.Flags.value&flagComponentsV2 != 0 {
		c.fail(prefix+"flags", "BASE_TYPE_INVALID", "IS_COMPONENTS_V2 is not supported by this fake.")
	}
	var text string
	if json.Unmarshal(b.Nonce, &text) == nil {
		c.atMost(prefix+"nonce", text, 25)
	}
}

func (c *checker) embeds(path string, embeds []embed) {
	if len(embeds) > 10 {
		c.fail(path, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	total := 0
	for i, e := range embeds {
		c.embed(fmt.Sprintf("%s.%d", path, i), e)
		total += e.size()
	}
	if total > 6000 {
		c.fail(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

func (c *checker) embed(path string, e embed) {
	c.atMost(path+".title", e.Title, 256)
	c.atMost(path+".description", e.Description, 4096)
	c.url(path+".url", e.URL, 2048)
	c.number(path+".color", e.Color, 0, 0xFFFFFF)
	if e.Timestamp != nil {
		if _, err := time.Parse(time.RFC3339, *e.Timestamp); err != nil {
			c.fail(path+".timestamp", "DATE_TIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", *e.Timestamp)
		}
	}
	if e.Footer != nil {
		c.atMost(path+".footer.text", e.Footer.Text, 2048)
		c.url(path+".footer.icon_url", e.Footer.IconURL, 2048)
	}
	if e.Author != nil {
		c.between(path+".author.name", e.Author.Name, 1, 256)
		c.url(path+".author.url", e.Author.URL, 2048)
		c.url(path+".author.icon_url", e.Author.IconURL, 2048)
	}
	if e.Image != nil {
		c.url(path+".image.url", e.Image.URL, 2048)
	}
	if e.Thumbnail != nil {
		c.url(path+".thumbnail.url", e.Thumbnail.URL, 2048)
	}
	if len(e.Fields) > 25 {
		c.fail(path+".fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, field := range e.Fields {
		at := fmt.Sprintf("%s.fields.%d", path, i)
		c.words(at+".name", field.Name, 256)
		c.words(at+".value", field.Value, 1024)
	}
	if e.size() == 0 && e.Image == nil && e.Thumbnail == nil {
		c.required(path + ".description")
	}
}

// words checks text that must be there: Discord trims it first, so blanks are nothing.
func (c *checker) words(path, s string, limit int) {
	if strings.TrimSpace(s) == "" {
		c.required(path)
	}
	c.atMost(path, s, limit)
}

// size returns the characters that count towards the 6000 of a message's embeds.
func (e embed) size() int {
	n := utf8.RuneCountInString(e.Title) + utf8.RuneCountInString(e.Description)
	if e.Footer != nil {
		n += utf8.RuneCountInString(e.Footer.Text)
	}
	if e.Author != nil {
		n += utf8.RuneCountInString(e.Author.Name)
	}
	for _, f := range e.Fields {
		n += utf8.RuneCountInString(f.Name) + utf8.RuneCountInString(f.Value)
	}
	return n
}

func (c *checker) mentions(path string, a *allowedMentions) {
	if a == nil {
		return
	}
	for i, kind := range a.Parse {
		if !slices.Contains([]string{"users", "roles", "everyone"}, kind) {
			c.fail(fmt.Sprintf("%s.parse.%d", path, i), "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
		}
	}
	for kind, ids := range map[string][]string{"users": a.Users, "roles": a.Roles} {
		if slices.Contains(a.Parse, kind) && len(ids) > 0 {
			c.fail(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["%s"] and %s: [ids...] are mutually exclusive.`, kind, kind)
		}
		if len(ids) > 100 {
			c.fail(path+"."+kind, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		}
		for i, id := range ids {
			if !isSnowflake(id) {
				c.fail(fmt.Sprintf("%s.%s.%d", path, kind, i), "NUMBER_TYPE_COERCE", `Value "%s" is not snowflake.`, id)
			}
		}
	}
}
