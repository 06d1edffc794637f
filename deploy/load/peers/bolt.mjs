// What the bot's requests cost on Slack's own framework: it verifies and answers, and commits before the acknowledgement
// when COMMIT is set. A form is opened by the Web API, as by the bot.
import { readFileSync } from 'node:fs';
import bolt from '@slack/bolt';
import { commit } from './commit.mjs';

const { PORT, SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = process.env;
const answer = (file) => JSON.parse(readFileSync(new URL(`../answers/${file}`, import.meta.url), 'utf8'));
const help = answer('slack_slash.json');
const form = answer('slack_form.json');

const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: bolt.LogLevel.ERROR,
});

app.command('/communities', async ({ ack }) => {
  await ack(help);
});

app.command('/create-community', async ({ ack, client, command }) => {
  await client.views.open({ trigger_id: command.trigger_id, view: form });
  await ack();
});

app.view('create-community', async ({ ack, body, view }) => {
  commit(view.id, body.user.id, view.state.values);
  await ack();
});

app.action(/^action-/, async ({ ack, action, body }) => {
  commit(body.trigger_id, body.user.id, action.value);
  await ack();
});

await app.start({ port: Number(PORT), host: '127.0.0.1' });
