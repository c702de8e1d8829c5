/* Tells the style sheet that script runs, and shows what only works with it. */
document.documentElement.dataset.script = '';
