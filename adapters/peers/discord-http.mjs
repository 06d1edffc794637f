// A small bot that takes interactions over HTTP: signatures are checked by Discord's own discord-interactions, messages
// are sent by discord.js's REST client. A command opens a form, the form makes a card with a thread, a button on the card
// answers there. It ends with its standard input.
import { createServer } from 'node:http';
import { InteractionResponseFlags, InteractionResponseType, InteractionType, verifyKey } from 'discord-interactions';
import { REST, Routes } from 'discord.js';

const { DISCORD_API_URL, DISCORD_BOT_TOKEN, DISCORD_PUBLIC_KEY } = process.env;
const rest = new REST({ api: DISCORD_API_URL.replace(/\/v10$/, ''), version: '10', retries: 0 }).setToken(DISCORD_BOT_TOKEN);

const input = (id, label, value) => ({ type: 18, label, component: { type: 4, custom_id: id, style: 1, value } });
const note = (content) => ({
  type: InteractionResponseType.CHANNEL_MESSAGE_WITH_SOURCE,
  data: { content, flags: InteractionResponseFlags.EPHEMERAL },
});

async function answer(interaction) {
  const { type, data, channel_id: channel } = interaction;
  switch (type) {
    case InteractionType.PING:
      return { type: InteractionResponseType.PONG };
    case InteractionType.APPLICATION_COMMAND:
      return {
        type: InteractionResponseType.MODAL,
        data: {
          custom_id: 'create',
          title: 'Create a community',
          components: [input('name', 'Name', data.options?.[0].value), input('handle', 'Handle')],
        },
      };
    case InteractionType.MODAL_SUBMIT: {
      const [name, handle] = data.components.map((label) => label.component.value);
      if (!/^[a-z0-9-]+$/.test(handle)) {
        return note('Handle: small letters and digits only.');
      }
      const button = { type: 2, style: 1, custom_id: 'approve', label: 'Approve' };
      const card = await rest.post(Routes.channelMessages(channel), {
        body: { content: `**${name}** (${handle})`, components: [{ type: 1, components: [button] }] },
      });
      await rest.post(Routes.threads(channel, card.id), { body: { name } });
      return note('Thank you.');
    }
    default:
      await rest.post(Routes.channelMessages(interaction.message.id), { body: { content: `<@${interaction.member.user.id}> agreed.` } });
      return { type: InteractionResponseType.UPDATE_MESSAGE, data: { components: [] } };
  }
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp } = request.headers;
  if (!(await verifyKey(body, signature, timestamp, DISCORD_PUBLIC_KEY))) {
    response.writeHead(401).end();
    return;
  }
  try {
    const json = JSON.stringify(await answer(JSON.parse(body)));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(json);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});

process.stdin.on('end', () => process.exit(0)).resume();
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
