package discordfake

// metadata says which interaction made a message: for a sent modal also which one had opened it.
//
// https://docs.discord.com/developers/resources/message#message-interaction-metadata-object
type metadata struct {
	ID         string            `json:"id"`
	Type       int               `json:"type"`
	User       *user             `json:"user"`
	Owners     map[string]string `json:"authorizing_integration_owners"`
	Interacted string            `json:"interacted_message_id,omitempty"`
	Trigger    *metadata         `json:"triggering_interaction_metadata,omitempty"`
}

// metadata returns what a message tells of the interaction that made it.
func (f *Fake) metadata(in *interaction) *metadata {
	m := &metadata{ID: in.id, Type: in.kind, User: in.who, Owners: f.owners(in)}
	switch {
	case in.opener != nil:
		m.Trigger = f.metadata(in.opener)
	case in.kind == kindComponent:
		m.Interacted = in.source.ID
	}
	return m
}

// owners says whose installation of the application an interaction uses: the server's, "0" in a direct conversation.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-authorizing-integration-owners-object
func (f *Fake) owners(in *interaction) map[string]string {
	if in.channel.kind == typeDM {
		return map[string]string{guildInstallationType: "0"}
	}
	return map[string]string{guildInstallationType: f.options.GuildID}
}
