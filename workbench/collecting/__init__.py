"""Downloads, and files of researchers, become snapshots; an overview of the datasets."""
