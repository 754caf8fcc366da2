// What Crosslink's words after the slash do. Which of them exist is said by the app's usage hint, not here.

export const DETAILS = {
  help: "What Crosslink can do here",
  setup: "Set up this channel's client, or edit it",
  link: "Get your private link to connect the accounts",
  status: "See whether the links work",
  diagnose: "Find out why a link is broken",
  unlink: "Disconnect the accounts on both sides",
  preflight: "Check a video against both platforms' rules",
  post: "Cross-post a video",
  approvals: "Posts that wait for a decision",
  history: "Who did what, and what the platforms said",
  settings: "This client's people, handles and rules",
};
