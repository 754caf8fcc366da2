// Names for ids. Filled from the workspace snapshot; an id that isn't in it has no name (null), and is shown as it is.

const known = { users: new Map(), channels: new Map(), groups: new Map() };

const index = (items) => new Map((items ?? []).map((item) => [item.id, item]));

export function learnNames({ users, channels, groups }) {
  known.users = index(users);
  known.channels = index(channels);
  known.groups = index(groups);
}

export const userName = (id) => known.users.get(id)?.name ?? null;
export const channelName = (id) => known.channels.get(id)?.name ?? null;
export const groupName = (id) =>
  (known.groups.get(id)?.handle ?? known.groups.get(id)?.name)?.replace(/^@/, "") ?? null;
