"""What a researcher shows without the workbench's charts and tables: taken as it is, in the workbench's style."""
