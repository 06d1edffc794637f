package commands

import (
	"strconv"
	"strings"

	"communitybot/bot"
	"communitybot/bot/words"
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

// maxMenu is how many options every platform can show in a form.
const maxMenu = 25

// maxMain is how many fields are not Extra.
const maxMain = 5

// separator stands between the items of a list that is filled in.
const separator = ", "

// fields returns the form's fields, filled in with v. What most people want stands first, and is not Extra: five fields
// at most, as many as Discord shows at a time.
func (c *Commands) fields(w words.Form, v bot.Values) []bot.Field {
	fields := []bot.Field{
		{Name: fieldName, Label: w.Name, Required: true, Max: maxName, Hint: w.NameHint},
		{Name: fieldHandle, Label: w.Handle, Max: maxHandle, Hint: w.HandleHint},
		{Name: fieldDescription, Label: w.Description, Kind: bot.Lines, Max: maxDescription, Hint: w.DescriptionHint},
		{Name: fieldType, Label: w.Type, Kind: bot.OneOf, Options: c.Types, Required: len(c.Types) > 1, Extra: len(c.Types) < 2},
		{Name: fieldCategories, Label: w.Categories, Max: maxList, Hint: w.CategoriesHint, Extra: len(c.Categories) == 0},
		{Name: fieldWhy, Label: w.Why, Kind: bot.Lines, Max: maxWhy, Hint: w.WhyHint, Extra: c.Policy.Required == 0},
		{Name: fieldTags, Label: w.Tags, Max: maxList, Hint: w.TagsHint},
		{Name: fieldProposed, Label: w.Proposed, Max: maxList, Hint: w.ProposedHint, Extra: true},
		{Name: fieldPicture, Label: w.Picture, Max: maxFile, Hint: w.PictureHint, Extra: true},
		{Name: fieldBanner, Label: w.Banner, Max: maxFile, Hint: w.BannerHint, Extra: true},
		{Name: fieldMembers, Label: w.Members, Kind: bot.Lines, Max: maxMembers, Hint: w.MembersHint, Extra: true},
		{Name: fieldOptions, Label: w.Options, Kind: bot.ManyOf, Extra: true, Options: []bot.Option{
			{Value: optionAI, Label: w.AI},
			{Value: optionAIPicture, Label: w.AIPicture},
			{Value: optionAIBanner, Label: w.AIBanner},
			{Value: optionHashtags, Label: w.Hashtags},
		}},
	}
	main := 0
	for i := range fields {
		f := &fields[i]
		f.Value = v[f.Name]
		if !f.Extra {
			main++
			f.Extra = main > maxMain
		}
		if f.Name == fieldCategories && len(c.Categories) > 0 {
			f.Kind, f.Options, f.Max, f.Hint = bot.ManyOf, c.Categories, 0, ""
			if len(c.Categories) > maxMenu { // then it may have to be typed
				f.Hint = labels(c.Categories)
			}
		}
	}
	return fields
}

// read returns the community that v describes, with what is wrong, by field.
func (c *Commands) read(w voice, v bot.Values) (bot.Community, map[string]string) {
	p := problems{w, make(map[string]string)}
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
	if com.Name == "" && p.at[fieldName] == "" {
		p.note(fieldName, p.Problem.NoName)
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
			if len(com.Tags) == 0 && p.at[fieldTags] == "" {
				com.Tags = p.hashtags(com.Description)
			}
		}
	}
	return com, p.at
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
