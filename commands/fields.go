package commands

import (
	"strconv"
	"strings"

	"communitybot/bot"
)

// The fields of the form, by name.
const (
	fieldName        = "name"
	fieldHandle      = "handle"
	fieldDescription = "description"
	fieldTags        = "tags"
	fieldWhy         = "why"
	fieldType        = "type"
	fieldCategories  = "categories"
	fieldProposed    = "new_categories"
	fieldPicture     = "picture"
	fieldBanner      = "banner"
	fieldMembers     = "members"
	fieldOptions     = "options"
)

// The choices of the field for options.
const (
	optionAI        = "ai"
	optionAIPicture = "ai_picture"
	optionAIBanner  = "ai_banner"
	optionHashtags  = "hashtags"
)

// Limits of ours, in characters: Genuin documents none, and what is longer does not fit on a card.
const (
	maxName        = 100
	maxHandle      = 60
	maxDescription = 2000
	maxWhy         = 500
	maxFile        = 200
	maxList        = 1000
	maxTag         = 50
	maxTags        = 30
	maxShown       = 80 // of a value, in a line about what changed
	maxMembers     = 3000
)

// separator stands between the items of a list that is filled in.
const separator = ", "

// fields returns the form's fields, filled in with v. The text fields that most people want stand first: Discord shows
// five at a time.
func (c *Commands) fields(v bot.Values) []bot.Field {
	fields := []bot.Field{
		{Name: fieldName, Label: "Name", Required: true, Max: maxName, Hint: "What people call it: Acme Fans"},
		{Name: fieldHandle, Label: "Handle", Max: maxHandle, Hint: "Unique on Genuin: acme-fans. Empty: made from the name"},
		{Name: fieldDescription, Label: "Description", Kind: bot.Lines, Max: maxDescription, Hint: "What it is about. #hashtags are welcome"},
		{Name: fieldTags, Label: "Tags", Max: maxList, Hint: "Separated by commas or spaces: running, city, 10k"},
		{Name: fieldWhy, Label: "Why", Kind: bot.Lines, Max: maxWhy, Hint: "What it is for, for those who decide. Genuin does not see it"},
		{Name: fieldType, Label: "Type", Kind: bot.OneOf, Options: c.Types},
		{Name: fieldCategories, Label: "Categories", Max: maxList, Hint: "IDs of existing categories, separated by commas: 1, 2"},
		{Name: fieldProposed, Label: "New categories", Max: maxList, Hint: "Names of categories that do not exist yet, separated by commas"},
		{Name: fieldPicture, Label: "Profile picture", Max: maxFile, Hint: "Name of a picture file that Genuin has: 1.png"},
		{Name: fieldBanner, Label: "Banner", Max: maxFile, Hint: "Name of a picture file that Genuin has: banner.png"},
		{Name: fieldMembers, Label: "Members", Kind: bot.Lines, Max: maxMembers, Hint: "Genuin user IDs, separated by commas"},
		{Name: fieldOptions, Label: "Options", Kind: bot.ManyOf, Options: []bot.Option{
			{Value: optionAI, Label: "The community is made by AI"},
			{Value: optionAIPicture, Label: "Genuin generates the profile picture"},
			{Value: optionAIBanner, Label: "Genuin generates the banner"},
			{Value: optionHashtags, Label: "No tags: take the #hashtags of the description"},
		}},
	}
	for i := range fields {
		f := &fields[i]
		f.Value = v[f.Name]
		if f.Name == fieldCategories && len(c.Categories) > 0 {
			f.Kind, f.Options, f.Max, f.Hint = bot.ManyOf, c.Categories, 0, ""
		}
	}
	return fields
}

// read returns the community that v describes, with what is wrong, by field.
func (c *Commands) read(v bot.Values) (bot.Community, map[string]string) {
	p := make(problems)
	com := bot.Community{
		Name:        p.line(fieldName, v[fieldName], maxName),
		Description: p.text(fieldDescription, v[fieldDescription], maxDescription),
		Type:        p.oneOf(fieldType, v[fieldType], c.Types),
		Categories:  p.categories(v[fieldCategories], c.Categories),
		Proposed:    p.names(fieldProposed, v[fieldProposed]),
		Picture:     p.file(fieldPicture, v[fieldPicture]),
		Banner:      p.file(fieldBanner, v[fieldBanner]),
		Members:     p.members(v[fieldMembers]),
	}
	p.text(fieldWhy, v[fieldWhy], maxWhy)
	if com.Name == "" && p[fieldName] == "" {
		p[fieldName] = "Please give the community a name."
	}
	com.Handle = p.handle(v[fieldHandle], com.Name)
	com.Tags = p.tags(v[fieldTags])
	for option := range strings.SplitSeq(v[fieldOptions], ",") {
		switch option {
		case optionAI:
			com.AI = true
		case optionAIPicture:
			com.AIPicture = true
		case optionAIBanner:
			com.AIBanner = true
		case optionHashtags:
			if len(com.Tags) == 0 && p[fieldTags] == "" {
				com.Tags = p.hashtags(com.Description)
			}
		}
	}
	return com, p
}

// values returns what the form is filled in with to describe the request again.
func values(r *bot.Request) bot.Values {
	c := r.Community
	ids := make([]string, len(c.Categories))
	for i, id := range c.Categories {
		ids[i] = strconv.FormatInt(id, 10)
	}
	var options []string
	for _, o := range []struct {
		on    bool
		value string
	}{{c.AI, optionAI}, {c.AIPicture, optionAIPicture}, {c.AIBanner, optionAIBanner}} {
		if o.on {
			options = append(options, o.value)
		}
	}
	return bot.Values{
		fieldName: c.Name, fieldHandle: c.Handle, fieldDescription: c.Description, fieldTags: strings.Join(c.Tags, separator),
		fieldWhy: r.Why, fieldType: c.Type, fieldCategories: strings.Join(ids, ","), fieldProposed: strings.Join(c.Proposed, separator),
		fieldPicture: c.Picture, fieldBanner: c.Banner, fieldMembers: strings.Join(c.Members, "\n"), fieldOptions: strings.Join(options, ","),
	}
}
