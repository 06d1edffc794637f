// A small bot on discord.js, over the gateway: a command opens a form, the form makes a card with a thread, a button on the
// card answers there. It ends with its standard input.
import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, LabelBuilder, MessageFlags, ModalBuilder, TextInputBuilder, TextInputStyle,
} from 'discord.js';

const { DISCORD_API_URL, DISCORD_BOT_TOKEN } = process.env;
const client = new Client({ intents: [], rest: { api: DISCORD_API_URL.replace(/\/v10$/, ''), retries: 0 } });

function input(id, label, value = '') {
  const text = new TextInputBuilder().setCustomId(id).setStyle(TextInputStyle.Short);
  if (value) {
    text.setValue(value);
  }
  return new LabelBuilder().setLabel(label).setTextInputComponent(text);
}

async function create(interaction) {
  const name = interaction.fields.getTextInputValue('name');
  const handle = interaction.fields.getTextInputValue('handle');
  if (!/^[a-z0-9-]+$/.test(handle)) {
    await interaction.reply({ content: 'Handle: small letters and digits only.', flags: MessageFlags.Ephemeral });
    return;
  }
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const approve = new ButtonBuilder().setCustomId('approve').setLabel('Approve').setStyle(ButtonStyle.Primary);
  const channel = await client.channels.fetch(interaction.channelId, { allowUnknownGuild: true });
  const card = await channel.send(`**${name}** (${handle})`);
  await channel.threads.create({ name, startMessage: card });
  await channel.messages.edit(card, { components: [new ActionRowBuilder().addComponents(approve)] }); // now that there is a thread to answer in
  await interaction.editReply('Thank you.');
}

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) {
    const modal = new ModalBuilder().setCustomId('create').setTitle('Create a community');
    modal.addLabelComponents(input('name', 'Name', interaction.options.getString('name')), input('handle', 'Handle'));
    await interaction.showModal(modal);
  } else if (interaction.isModalSubmit()) {
    await create(interaction);
  } else if (interaction.isButton()) {
    await interaction.update({ components: [] });
    const thread = await client.channels.fetch(interaction.message.id, { allowUnknownGuild: true });
    await thread.send(`<@${interaction.user.id}> agreed.`);
  }
});

process.stdin.on('end', async () => {
  await client.destroy();
  process.exit(0);
}).resume();
client.once(Events.ClientReady, () => console.log('connected'));
await client.login(DISCORD_BOT_TOKEN);
