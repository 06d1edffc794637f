package discordfake

import "slices"

// patchChannel changes a thread, as its starter may. Channels, and locking, take permissions that the bot never has.
//
// https://docs.discord.com/developers/topics/threads#editing-deleting-threads
func (c *call) patchChannel() (any, *apiError) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	var body struct {
		Name        *string `json:"name"`
		Archived    *bool   `json:"archived"`
		Locked      *bool   `json:"locked"`
		AutoArchive *int    `json:"auto_archive_duration"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	switch {
	case ch.kind != typeThread || body.Locked != nil || ch.locked:
		return nil, errMissingPerms
	case ch.archived && (body.Archived == nil || *body.Archived):
		return nil, errArchived
	}
	var check checker
	if body.Name != nil {
		check.between("name", *body.Name, 1, 100)
	}
	check.autoArchive(body.AutoArchive)
	if err := check.err(); err != nil {
		return nil, err
	}
	set(&ch.name, body.Name)
	set(&ch.archived, body.Archived)
	set(&ch.autoArchive, body.AutoArchive)
	ch.changed = c.now()
	return c.object(ch), nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (c *checker) autoArchive(minutes *int) {
	if minutes != nil && !slices.Contains([]int{60, 1440, 4320, 10080}, *minutes) {
		c.fail("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
}

// startThread starts a thread on a message: it has the message's ID.
//
// https://docs.discord.com/developers/resources/channel#start-thread-from-message
func (c *call) startThread() (any, *apiError) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	if ch.kind != typeText {
		return nil, errChannelType
	}
	if ch.permissions()&CreateThreads == 0 {
		return nil, errMissingPerms
	}
	m, err := c.messageIn(ch)
	if err != nil {
		return nil, err
	}
	body := struct {
		Name        string `json:"name"`
		AutoArchive *int   `json:"auto_archive_duration"`
	}{}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	var check checker
	check.between("name", body.Name, 1, 100)
	check.autoArchive(body.AutoArchive)
	if err := check.err(); err != nil {
		return nil, err
	}
	if c.channels[m.ID] != nil {
		return nil, errThreadExists
	}
	thread := &channel{id: m.ID, name: body.Name, kind: typeThread, parent: ch, autoArchive: 1440, changed: c.now()}
	set(&thread.autoArchive, body.AutoArchive)
	c.channels[thread.id] = thread
	m.Flags |= flagHasThread
	return c.object(thread), nil
}
