"""What comes in. Downloads and files of researchers become snapshots; what there is, and what was revised."""
