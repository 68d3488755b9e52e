// Every page works without this file; it adds copying, and takes a shown notice out of the address.

for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.textContent;
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = 'Copied';
    } catch {
      // No permission, or plain HTTP on another host: select the text, so that one key press copies it.
      getSelection().selectAllChildren(source);
      button.textContent = 'Selected; copy with the keyboard';
    }
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

const address = new URL(location.href);
if (address.searchParams.has('notice')) {
  // A reload or a bookmark should not say "saved" again.
  address.searchParams.delete('notice');
  history.replaceState(null, '', address);
}
