// The words of the text's own boxes, for the editor that asks for them as the admin's scripts do; no module, to be there
// before it.
{
  const words = { "Edit Link": "Link", Update: "Set the link", URL: "Web address" };
  window.gettext ??= (text) => words[text] ?? text;
}
