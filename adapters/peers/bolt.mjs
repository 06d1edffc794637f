// A small bot on Slack's own framework: a slash command opens a form, the form makes a card, a button on the card answers
// in its thread. With SLACK_APP_TOKEN it uses Socket Mode, else HTTP. It ends with its standard input.
import bolt from '@slack/bolt';

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN } = process.env;

const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  socketMode: Boolean(SLACK_APP_TOKEN),
  appToken: SLACK_APP_TOKEN,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: bolt.LogLevel.ERROR,
});

const plain = (text) => ({ type: 'plain_text', text });
const line = (name, label) => ({
  type: 'input',
  block_id: name,
  label: plain(label),
  element: { type: 'plain_text_input', action_id: name },
});

// The form first, then the acknowledgement: so it is on the screen when the command is done.
app.command('/create-community', async ({ command, ack, client }) => {
  const name = line('name', 'Name');
  name.element.initial_value = command.text;
  await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'create',
      private_metadata: command.channel_id,
      title: plain('Create a community'),
      submit: plain('Create'),
      blocks: [name, line('handle', 'Handle')],
    },
  });
  await ack();
});

app.view('create', async ({ ack, view, body, client }) => {
  const { name, handle } = view.state.values;
  if (!/^[a-z0-9-]+$/.test(handle.handle.value)) {
    await ack({ response_action: 'errors', errors: { handle: 'Small letters and digits only.' } });
    return;
  }
  await ack();
  await client.chat.postMessage({
    channel: view.private_metadata,
    text: `<@${body.user.id}> asks for ${name.name.value}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${name.name.value}* (${handle.handle.value})` } },
      { type: 'actions', elements: [{ type: 'button', action_id: 'approve', value: name.name.value, text: plain('Approve') }] },
    ],
  });
});

app.action('approve', async ({ ack, action, body, client, respond }) => {
  await ack();
  const channel = body.channel.id;
  const ts = body.message.ts;
  await client.chat.update({ channel, ts, text: `${action.value} exists now`, blocks: [] });
  await client.chat.postMessage({ channel, thread_ts: ts, text: `<@${body.user.id}> agreed.` });
  await respond({ response_type: 'ephemeral', replace_original: false, text: 'Thank you.' });
});

process.stdin.on('end', () => process.exit(0)).resume();
const server = await app.start({ port: 0, host: '127.0.0.1' });
console.log(SLACK_APP_TOKEN ? 'connected' : `http://127.0.0.1:${server.address().port}/slack/events`);
