// What the bot's interactions cost on Discord's own discord-interactions with express: it verifies and answers, and commits
// before the answer when COMMIT is set.
import { readFileSync } from 'node:fs';
import { InteractionResponseFlags, InteractionResponseType, InteractionType, verifyKeyMiddleware } from 'discord-interactions';
import express from 'express';
import { commit } from './commit.mjs';

const { DISCORD_PUBLIC_KEY, PORT } = process.env;
const form = JSON.parse(readFileSync(new URL('../answers/discord_form.json', import.meta.url), 'utf8'));

const app = express();

app.post('/discord/interactions', verifyKeyMiddleware(DISCORD_PUBLIC_KEY), (request, response) => {
  const { id, type, data, member } = request.body;
  switch (type) {
    case InteractionType.MODAL_SUBMIT:
      commit(id, member.user.id, data.components);
      response.send({
        type: InteractionResponseType.CHANNEL_MESSAGE_WITH_SOURCE,
        data: { content: 'Thank you.', flags: InteractionResponseFlags.EPHEMERAL },
      });
      return;
    case InteractionType.MESSAGE_COMPONENT:
      if (data.custom_id !== 'create-community') {
        commit(id, member.user.id, data.custom_id);
        response.send({ type: InteractionResponseType.DEFERRED_UPDATE_MESSAGE });
        return;
      }
      response.send(form);
      return;
    default:
      response.send(form);
  }
});

app.listen(Number(PORT), '127.0.0.1');
