// Keeps what people send in SQLite, on disk before it returns, when COMMIT is set; else it does nothing.
import Database from 'better-sqlite3';

const { COMMIT, DATABASE } = process.env;

export const commit = COMMIT ? opened(DATABASE) : () => {};

function opened(path) {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE sent (event TEXT PRIMARY KEY, person TEXT NOT NULL, doc TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO sent (event, person, doc) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  return (event, person, doc) => insert.run(event, person, JSON.stringify(doc));
}
